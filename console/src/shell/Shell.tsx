/** What surrounds every page: the bar at the top, the navigation, messages, and the way back in when the session is over. */

import AppLayout, { type AppLayoutProps } from "@cloudscape-design/components/app-layout";
import BreadcrumbGroup, { type BreadcrumbGroupProps } from "@cloudscape-design/components/breadcrumb-group";
import Modal from "@cloudscape-design/components/modal";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";

import { usePerson, useSession } from "../api/session";
import { SignInForm } from "../pages/SignIn";
import { SwitchRole } from "./SwitchRole";
import { Notices } from "./notices";
import { type Theme, applyTheme, useSetting } from "./settings";

export const NAVIGATION: SideNavigationProps.Item[] = [
  { type: "link", text: "Dashboard", href: "/dashboard" },
  { type: "link", text: "Approvals", href: "/approvals" },
  { type: "divider" },
  { type: "link", text: "Pipelines", href: "/pipelines" },
  { type: "link", text: "Repositories", href: "/repositories" },
  { type: "link", text: "Build projects", href: "/projects" },
  { type: "link", text: "Buckets", href: "/buckets" },
  { type: "link", text: "Logs", href: "/logs" },
  { type: "divider" },
  { type: "link", text: "People and policies", href: "/people" },
  { type: "link", text: "Secrets and parameters", href: "/secrets" },
  { type: "link", text: "Audit", href: "/audit" },
  { type: "link", text: "Settings", href: "/settings" },
];

interface Props {
  children: ReactNode;
  /** From the list that the page belongs to, down to the page itself; hrefs are the router's. */
  crumbs?: BreadcrumbGroupProps.Item[];
  contentType?: "default" | "table" | "form" | "wizard" | "dashboard" | "cards";
  /** Details beside or below the page. */
  split?: Pick<AppLayoutProps, "splitPanel" | "splitPanelOpen" | "onSplitPanelToggle">;
}

export function Shell({ children, crumbs = [], contentType = "default", split }: Props) {
  const navigate = useNavigate();
  const place = useLocation().pathname;
  const [open, setOpen] = useState(() => window.innerWidth > 1000);
  useEffect(() => {
    // The layout puts this attribute on a <nav> in narrow windows, where it is not allowed.
    document.querySelectorAll("nav[aria-orientation]").forEach((each) => each.removeAttribute("aria-orientation"));
  });
  const follow = (event: { preventDefault: () => void; detail: { href?: string; external?: boolean } }) => {
    if (event.detail.external || !event.detail.href) return;
    event.preventDefault();
    navigate(event.detail.href);
    if (window.innerWidth <= 700) setOpen(false);
  };
  return (
    <>
      <div id="top">
        <Top />
      </div>
      <AppLayout
        {...split}
        headerSelector="#top"
        contentType={contentType}
        toolsHide
        navigationOpen={open}
        onNavigationChange={(event) => setOpen(event.detail.open)}
        notifications={<Notices />}
        breadcrumbs={
          crumbs.length > 0 ? (
            <BreadcrumbGroup items={crumbs} onFollow={follow} ariaLabel="Where you are" expandAriaLabel="Show the path" />
          ) : undefined
        }
        navigation={
          <SideNavigation
            header={{ text: "Stageline", href: "/pipelines" }}
            activeHref={`/${place.split("/")[1]}`}
            items={NAVIGATION}
            onFollow={follow}
          />
        }
        ariaLabels={{
          navigation: "Places",
          navigationClose: "Close the navigation",
          navigationToggle: "Open the navigation",
          notifications: "Messages",
        }}
        content={children}
      />
      <Over />
    </>
  );
}

function Top() {
  const navigate = useNavigate();
  const person = usePerson();
  const { signOut, refresh } = useSession();
  const [theme, setTheme] = useSetting<Theme>("theme", "system");
  const [switching, setSwitching] = useState(false);
  const choose = (next: Theme) => {
    setTheme(next);
    applyTheme(next);
  };
  const pick = (id: string) => {
    if (id === "out") void signOut();
    if (id === "switch") setSwitching(true);
    if (id === "back") void SwitchRole.back().then(refresh);
    if (id === "password") navigate("/settings#password");
  };
  return (
    <>
      <TopNavigation
        identity={{
          title: "Stageline",
          href: "/console/pipelines",
          onFollow: (event) => {
            event.preventDefault();
            navigate("/pipelines");
          },
        }}
        utilities={[
          { type: "button", text: `${person.account} · ${person.region}`, disableUtilityCollapse: false },
          {
            type: "menu-dropdown",
            iconName: "settings",
            ariaLabel: "Theme",
            title: "Theme",
            items: (["system", "light", "dark"] as const).map((each) => ({
              id: each,
              text: each === "system" ? "As the system" : each === "light" ? "Light" : "Dark",
              itemType: "checkbox",
              checked: theme === each,
            })),
            onItemClick: (event) => choose(event.detail.id as Theme),
          },
          {
            type: "menu-dropdown",
            iconName: "user-profile",
            text: person.role ? `${person.person} as ${person.name}` : (person.name ?? ""),
            description: person.arn,
            items: [
              ...(person.role ? [{ id: "back", text: `Back to ${person.person}` }] : []),
              ...(person.kind === "root" ? [] : [{ id: "switch", text: "Switch role" }]),
              ...(person.password ? [{ id: "password", text: "Change password" }] : []),
              { id: "out", text: "Sign out" },
            ],
            onItemClick: (event) => pick(event.detail.id),
          },
        ]}
        i18nStrings={{ overflowMenuTriggerText: "More", overflowMenuTitleText: "All", searchDismissIconAriaLabel: "Close" }}
      />
      {switching && <SwitchRole onDone={() => setSwitching(false)} />}
    </>
  );
}

function Over() {
  const { over, refresh, session } = useSession();
  return (
    <Modal visible={over} header="Your session is over" closeAriaLabel="Close" onDismiss={() => undefined}>
      <SignInForm userName={session?.person === "administrator" ? "" : session?.person} onDone={refresh} />
    </Modal>
  );
}
