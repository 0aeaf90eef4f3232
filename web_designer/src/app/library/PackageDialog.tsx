/** A package looked into: what installing it adds and what is in the way; installed, what can be done with the app as a whole. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import type { AppSummary, PackageSummary } from "@/shared/api/platform";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Confirm, Dialog } from "@/shared/ui/Dialog";
import { Failed, Loading, problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { InstalledPart } from "./InstalledPart";
import { PackageFacts } from "./PackageFacts";
import { ProblemNotice } from "./ProblemList";
import { deletePackage, installVersion, libraryKeys, packageAddress, readPackage, type PackageDetails } from "./libraryApi";
import { isNewer } from "./newer";

const ORGANIZATION = "organization";

export interface PackageDialogProps {
  /** What the library has of it; nothing for an app whose package is not in it. */
  readonly summary: PackageSummary | undefined;
  readonly app: AppSummary | undefined;
  /** Whether the person may design the app, so that they may put an upgrade into its draft. */
  readonly mayUpgrade: boolean;
  readonly version: string;
  readonly onVersion: (version: string) => void;
  readonly onClose: () => void;
}

export function PackageDialog({ summary, app, mayUpgrade, version, onVersion, onClose }: PackageDialogProps): JSX.Element | null {
  const { i18n } = useTranslation("library");
  const api = useApi();
  const key = summary?.key ?? "";
  const details = useQuery({
    queryKey: libraryKeys.details(key, version),
    queryFn: () => readPackage(api, key, version),
    enabled: summary !== undefined,
    gcTime: 0,
  });
  if (summary === undefined) {
    return app === undefined ? null : (
      <Dialog title={label(app.name, i18n.language, app.key)} onClose={onClose}>
        <InstalledPart app={app.key} onGone={onClose} />
      </Dialog>
    );
  }
  return <Looked summary={summary} mayUpgrade={mayUpgrade} details={details.data} error={details.error} isFirst={version === ""} onVersion={onVersion} onClose={onClose} />;
}

interface LookedProps {
  readonly summary: PackageSummary;
  readonly mayUpgrade: boolean;
  readonly details: PackageDetails | undefined;
  readonly error: unknown;
  /** Whether no version was asked for: then the newest is shown. */
  readonly isFirst: boolean;
  readonly onVersion: (version: string) => void;
  readonly onClose: () => void;
}

function Looked({ summary, mayUpgrade, details, error, isFirst, onVersion, onClose }: LookedProps): JSX.Element {
  const { t, i18n } = useTranslation(["library", "launcher"]);
  const [hasDemo, setDemo] = useState(true);
  const { isBusy, refusal, install } = useInstall();
  const name = label(summary.name, i18n.language, summary.key);
  const records = details?.parts.find((part) => part.part === "demo")?.count ?? 0;
  const mayInstall = details !== undefined && !summary.installed && details.issues.length === 0;
  return (
    <Dialog
      title={name}
      onClose={onClose}
      footer={
        <>
          {details === undefined ? null : <Packaged summary={summary} mayUpgrade={mayUpgrade} details={details} isFirst={isFirst} onClose={onClose} />}
          {summary.installed ? null : (
            <Button look="primary" isBusy={isBusy} disabled={!mayInstall} onClick={() => details && install(details, hasDemo, name)}>
              {t("launcher:install")}
            </Button>
          )}
        </>
      }
    >
      <p>{label(summary.description, i18n.language)}</p>
      <Versions summary={summary} chosen={details?.version} onVersion={onVersion} />
      {refusal === null ? null : <ProblemNotice error={refusal} />}
      {error === null ? null : <Failed error={error} />}
      {details === undefined && error === null ? <Loading /> : null}
      {details === undefined ? null : <PackageFacts details={details} />}
      {mayInstall && records > 0 ? (
        <label className="check">
          <input type="checkbox" checked={hasDemo} onChange={(event) => setDemo(event.target.checked)} /> <span>{t("launcher:withDemo")}</span>
        </label>
      ) : null}
      {summary.installed && summary.key !== ORGANIZATION ? <InstalledPart app={summary.key} onGone={onClose} /> : null}
    </Dialog>
  );
}

/** What can be done with the package itself: kept as a file, taken out of the library, an app upgraded to it. */
function Packaged({ summary, mayUpgrade, details, isFirst, onClose }: Pick<LookedProps, "summary" | "mayUpgrade" | "isFirst" | "onClose"> & { readonly details: PackageDetails }): JSX.Element {
  const { t } = useTranslation(["library", "launcher"]);
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    setAsking(false);
    try {
      await deletePackage(api, details.key, details.version);
      await client.invalidateQueries({ queryKey: keys.library });
      toast(t("deleted", { version: details.version }));
      onClose();
    } catch (error) {
      toast(problemText(error, (key) => t(`common:${key}`)), "failed");
    }
  };
  const isUpgrade = summary.installed && summary.app_version !== null && isNewer(details.version, summary.app_version) && details.issues.length === 0;
  return (
    <>
      {details.source === "uploaded" ? <Button onClick={() => setAsking(true)}>{t("delete")}</Button> : null}
      <a className="link library-file" href={packageAddress(details.key, details.version)} download>
        {t("download")}
      </a>
      {isUpgrade && isFirst && mayUpgrade ? <ButtonLink to={`/design/${details.key}/upgrade`}>{t("upgrade")}</ButtonLink> : null}
      {isUpgrade && isFirst && !mayUpgrade ? <span className="library-quiet">{t("mayNotUpgrade")}</span> : null}
      {isAsking ? (
        <Confirm title={t("deleteTitle", { version: details.version })} confirmText={t("delete")} isDanger onConfirm={() => void remove()} onClose={() => setAsking(false)}>
          <p>{t("deleteHelp")}</p>
        </Confirm>
      ) : null}
    </>
  );
}

function Versions({ summary, chosen, onVersion }: { readonly summary: PackageSummary; readonly chosen: string | undefined; readonly onVersion: (version: string) => void }): JSX.Element {
  const { t, i18n } = useTranslation(["library", "launcher"]);
  const told = (one: PackageSummary["versions"][number]): string =>
    one.uploaded_at === null ? t("shipped") : t("uploadedBy", { name: one.uploaded_by ?? "", time: showInstant(one.uploaded_at, i18n.language) });
  const [only] = summary.versions;
  if (summary.versions.length === 1 && only !== undefined) {
    return (
      <p className="library-quiet">
        {t("launcher:version", { version: only.version })} · {told(only)}
      </p>
    );
  }
  return (
    <label className="library-version">
      <span>{t("versions")}</span>
      <select className="input" value={chosen ?? ""} onChange={(event) => onVersion(event.target.value)}>
        {summary.versions.map((one) => (
          <option key={one.version} value={one.version}>
            {one.version} · {told(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Installs what was looked at and goes to the app. */
function useInstall(): { isBusy: boolean; refusal: unknown; install: (details: PackageDetails, hasDemo: boolean, name: string) => void } {
  const { t } = useTranslation("launcher");
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const carryOut = async (details: PackageDetails, hasDemo: boolean, name: string): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const { key } = await installVersion(api, details, hasDemo);
      toast(t("installDone", { name }));
      await client.invalidateQueries({ queryKey: keys.apps });
      await client.invalidateQueries({ queryKey: keys.library, refetchType: "none" });
      await client.invalidateQueries({ queryKey: keys.session });
      await navigate(`/apps/${key}`);
    } catch (problem) {
      setRefusal(problem);
      setBusy(false);
    }
  };
  return { isBusy, refusal, install: (details, hasDemo, name) => void carryOut(details, hasDemo, name) };
}
