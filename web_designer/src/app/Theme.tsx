/** Gives the component library the look and the language of the product; the same values stand in styles/base.css for our own pages. */
import { ConfigProvider, type ThemeConfig } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useMemo, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";

const STILL = "(prefers-reduced-motion: reduce)";

/** Returns the tokens: `isPhone` makes everything one taps 44 px high, `isStill` moves nothing. */
function themeOf(isPhone: boolean, isStill: boolean): ThemeConfig {
  return {
    // The key becomes a class; `app` is one of ours.
    cssVar: { key: "antd-tokens" },
    hashed: false,
    token: {
      colorPrimary: "#1558d6",
      colorPrimaryHover: "#0d47b5",
      colorLink: "#0b4fc4",
      colorError: "#c0271b",
      colorSuccess: "#1a7a45",
      colorText: "#1b2330",
      colorTextPlaceholder: "#6b7686",
      colorTextDisabled: "#5a6575",
      colorBorder: "#c9d0da",
      colorBorderSecondary: "#e3e7ed",
      borderRadius: 6,
      fontFamily: 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
      // As round a box of our own.
      controlOutline: "rgba(21, 88, 214, 0.14)",
      controlOutlineWidth: 3,
      colorErrorOutline: "rgba(192, 39, 27, 0.14)",
      controlHeight: isPhone ? 44 : 32,
      motion: !isStill,
    },
    components: {
      Select: { optionSelectedBg: "#eaf1fd", optionActiveBg: "#eaf1fd", showArrowPaddingInlineEnd: 20 },
      // An off switch has to be seen: 3:1 beside the page.
      Switch: { colorTextQuaternary: "#7b8696", colorTextTertiary: "#667182" },
    },
  };
}

export function Theme({ children }: { readonly children: ReactNode }): JSX.Element {
  const { i18n } = useTranslation();
  const isPhone = useMedia(PHONE);
  const isStill = useMedia(STILL);
  const theme = useMemo(() => themeOf(isPhone, isStill), [isPhone, isStill]);
  return (
    <ConfigProvider locale={i18n.language === "en" ? enUS : zhCN} theme={theme} button={{ autoInsertSpace: false }}>
      {children}
    </ConfigProvider>
  );
}
