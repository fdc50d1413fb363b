import "@cloudscape-design/global-styles/index.css";
import "./main.css";
import "./parts/leaving";

import { I18nProvider } from "@cloudscape-design/components/i18n";
import messages from "@cloudscape-design/components/i18n/messages/all.en";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";

import { ApiError } from "./api/client";
import { SessionProvider } from "./api/session";
import { Routing } from "./routing";
import { NoticesProvider } from "./shell/notices";
import { applyTheme } from "./shell/settings";

applyTheme(JSON.parse(localStorage.getItem("stageline.theme") ?? '"system"'));

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      refetchOnWindowFocus: true,
      // What was refused is refused again; only a server that does not answer is worth another try.
      retry: (count, error) => count < 3 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
    },
  },
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={client}>
        <SessionProvider>
          <NoticesProvider>
            <BrowserRouter basename="/console">
              <Routing />
            </BrowserRouter>
          </NoticesProvider>
        </SessionProvider>
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
