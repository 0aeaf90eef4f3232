/** The addresses of the product; each page is loaded when it is first opened. */
import { createBrowserRouter, type RouteObject } from "react-router";
import { Loading } from "@/shared/ui/States";
import { ErrorPage, NotFoundPage } from "./ErrorPage";

const page = (load: () => Promise<{ default: React.ComponentType }>): Pick<RouteObject, "lazy"> => ({
  lazy: async () => ({ Component: (await load()).default }),
});

export const routes: RouteObject[] = [
  {
    errorElement: <ErrorPage />,
    HydrateFallback: Loading,
    children: [
      { path: "/sign-in", ...page(() => import("./auth/SignIn")) },
      { path: "/forgot-password", ...page(() => import("./auth/ForgotPassword")) },
      { path: "/open", ...page(() => import("./public/OpenPage")) },
      { path: "/link", ...page(() => import("./auth/OneTimeLink")) },
      {
        ...page(() => import("./shell/Shell")),
        children: [
          {
            errorElement: <ErrorPage />,
            children: [
              { path: "/", ...page(() => import("./launcher/Launcher")) },
              { path: "/library", ...page(() => import("./library/Library")) },
              { path: "/account", ...page(() => import("./account/AccountPage")) },
              { path: "/people", ...page(() => import("./organization/PeoplePage")) },
              { path: "/people/:id", ...page(() => import("./organization/PersonPage")) },
              { path: "/audit", ...page(() => import("./organization/AuditPage")) },
              { path: "/people/:id/account", ...page(() => import("./account/PersonAccountPage")) },
              { path: "/sign-in-rules", ...page(() => import("./account/SignInRulesPage")) },
              { path: "/invitations", ...page(() => import("./people/InvitationsPage")) },
              { path: "/providers", ...page(() => import("./people/ProvidersPage")) },
              { path: "/public-links", ...page(() => import("@/runtime/links/LinksPage")) },
              { path: "/calendar/:year?", ...page(() => import("./calendar/CalendarPage")) },
              {
                path: "/apps/:app",
                ...page(() => import("./shell/AppLayout")),
                children: [
                  {
                    errorElement: <ErrorPage />,
                    children: [
                      { index: true, ...page(() => import("./shell/AppHome")) },
                      { path: "views/:view", ...page(() => import("@/runtime/list/ListPage")) },
                      { path: "trash/:entity?", ...page(() => import("@/runtime/changes/TrashPage")) },
                      { path: "changes", ...page(() => import("@/runtime/changes/ChangesPage")) },
                      { path: "public-links", ...page(() => import("@/runtime/links/AppLinksPage")) },
                      { path: "import", ...page(() => import("@/runtime/import/ImportPage")) },
                      { path: "records/:entity/new", ...page(() => import("@/runtime/form/FormPage")) },
                      { path: "records/:entity/:id", ...page(() => import("@/runtime/detail/DetailPage")) },
                      { path: "records/:entity/:id/edit", ...page(() => import("@/runtime/form/FormPage")) },
                    ],
                  },
                ],
              },
              { path: "/design/:app/forms/:form", ...page(() => import("@/designer/form/FormDesigner")) },
              { path: "/design/:app/access", ...page(() => import("@/designer/access/AccessPage")) },
              { path: "/design/:app/problems", ...page(() => import("@/designer/problems/ProblemsPage")) },
              { path: "/design/:app/versions", ...page(() => import("@/designer/versions/VersionsPage")) },
              { path: "/design/:app/publish", ...page(() => import("@/designer/publish/PublishPage")) },
              { path: "/design/:app/upgrade", ...page(() => import("@/designer/upgrade/UpgradePage")) },
            ],
          },
        ],
      },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
];

export const makeRouter = (): ReturnType<typeof createBrowserRouter> => createBrowserRouter(routes);
