/** The way to the page on which a draft is published; to who may not publish it shows what will change, and is called so. */
import type { JSX, MouseEvent } from "react";
import { ButtonLink } from "@/shared/ui/Button";
import { useMay } from "./useMay";
import { useTexts } from "./useTexts";

type Props = { readonly app: string; readonly children: string; readonly look?: "primary" | "plain"; readonly onClick?: (event: MouseEvent<HTMLElement>) => void };

export function ToPublish({ app, children, look = "plain", onClick }: Props): JSX.Element {
  const { t } = useTexts("designer.publish");
  const mayPublish = useMay(app, "publish");
  return (
    <ButtonLink look={look} to={`/design/${app}/publish`} {...(onClick === undefined ? {} : { onClick })}>
      {mayPublish ? children : t("changes")}
    </ButtonLink>
  );
}
