/** Starts the pages: language, client, routes. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { RouterProvider } from "react-router/dom";
import { ApiClient } from "@/shared/api/client";
import { ApiContext } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { NoAnswer } from "@/shared/api/problem";
import { setUpTexts } from "@/shared/i18n/setup";
import { Toasts } from "@/shared/ui/Toasts";
import { whenIdle } from "@/shared/ui/later";
import { firstLanguage, LanguageKeeper } from "./language";
import { makeRouter } from "./routes";
import { Theme } from "./Theme";
import "./styles/base.css";
import "./styles/ui.css";

/** What a page does not need at first is loaded once it stands. */
const PARTS_AFTER_MS = 2000;

async function start(root: HTMLElement): Promise<void> {
  const language = firstLanguage();
  const texts = await setUpTexts(language);
  const api = new ApiClient();
  api.useLanguage(language);
  const queries = new QueryClient({
    defaultOptions: {
      queries: { retry: (count, error) => error instanceof NoAnswer && count < 2, staleTime: 10_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
  // What is being filled in must survive: the frame asks for the password over the page.
  api.onSignedOut(() => queries.setQueryData(keys.sessionOver, true));
  const router = makeRouter();
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={texts}>
        <QueryClientProvider client={queries}>
          <ApiContext value={api}>
            <LanguageKeeper />
            <Suspense>
              <Theme>
                <Toasts>
                  <RouterProvider router={router} />
                </Toasts>
              </Theme>
            </Suspense>
          </ApiContext>
        </QueryClientProvider>
      </I18nextProvider>
    </StrictMode>,
  );
  window.setTimeout(whenIdle, PARTS_AFTER_MS);
}

const root = document.getElementById("root");
if (root !== null) void start(root);
