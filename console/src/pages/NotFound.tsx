import Box from "@cloudscape-design/components/box";

import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { RouterLink } from "../parts/RouterLink";

export function NotFound() {
  useTitle("Not found");
  return (
    <Shell>
      <Box textAlign="center" padding="xxl">
        <Box variant="h1">There is nothing here</Box>
        <Box variant="p">
          The address may be mistyped, or what it named was deleted. <RouterLink to="/pipelines">See the pipelines</RouterLink>
        </Box>
      </Box>
    </Shell>
  );
}
