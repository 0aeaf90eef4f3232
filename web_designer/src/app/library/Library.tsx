/** The library: packages that come with the product and those people uploaded, and the apps that are installed. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type DragEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readApps, readLibrary, type AppSummary, type PackageSummary } from "@/shared/api/platform";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { AppMark } from "../shell/AppMark";
import { PackageDialog } from "./PackageDialog";
import { ProblemNotice } from "./ProblemList";
import { uploadPackage } from "./libraryApi";
import { isNewer } from "./newer";
import "../launcher/launcher.css";
import "./library.css";

interface Chosen {
  readonly key: string;
  readonly version: string;
}

export default function Library(): JSX.Element {
  const { t, i18n } = useTranslation(["library", "launcher"]);
  const api = useApi();
  const session = useSession();
  const may = session.may.includes("install");
  const packages = useQuery({ queryKey: keys.library, queryFn: () => readLibrary(api), enabled: may });
  const apps = useQuery({ queryKey: keys.apps, queryFn: () => readApps(api), enabled: may });
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const { isOver, isBusy, error, send, dropping } = useUpload((key, version) => setChosen({ key, version }));
  useEffect(() => {
    document.title = t("launcher:library");
  }, [t]);
  if (!may) return <Empty icon="warning" title={t("launcher:mayNotInstall")} />;
  if (packages.isPending || apps.isPending) return <Loading />;
  if (packages.isError) return <Failed error={packages.error} onRetry={() => void packages.refetch()} />;
  const known = new Set(packages.data.map((one) => one.key));
  const others = (apps.data ?? []).filter((one) => !known.has(one.key));
  const mayDesign = (key: string): boolean => apps.data?.find((found) => found.key === key)?.may.includes("design") === true;
  const one = chosen === null ? undefined : packages.data.find((found) => found.key === chosen.key);
  return (
    <div className={`page page-apps library ${isOver ? "is-over" : ""}`} {...dropping}>
      <header className="page-head">
        <div className="page-title">
          <h1>{t("launcher:library")}</h1>
          <span className="page-kind">{t("launcher:libraryHelp")}</span>
        </div>
        <UploadButton isBusy={isBusy} onFile={send} />
      </header>
      {error === null ? null : (
        <div className="library-refusal">
          <ProblemNotice error={error} />
        </div>
      )}
      <ul className="tiles">
        {packages.data.map((found) => (
          <Tile key={found.key} found={found} mayUpgrade={mayDesign(found.key)} name={label(found.name, i18n.language, found.key)} onPick={() => setChosen({ key: found.key, version: "" })} />
        ))}
        {others.map((found) => (
          <Tile key={found.key} found={found} mayUpgrade={mayDesign(found.key)} name={label(found.name, i18n.language, found.key)} onPick={() => setChosen({ key: found.key, version: "" })} />
        ))}
      </ul>
      {chosen === null ? null : (
        <PackageDialog
          key={`${chosen.key} ${chosen.version}`}
          summary={one}
          mayUpgrade={mayDesign(chosen.key)}
          app={others.find((found) => found.key === chosen.key)}
          version={chosen.version}
          onVersion={(version) => setChosen({ key: chosen.key, version })}
          onClose={() => setChosen(null)}
        />
      )}
    </div>
  );
}

interface TileProps {
  readonly found: PackageSummary | AppSummary;
  readonly mayUpgrade: boolean;
  readonly name: string;
  readonly onPick: () => void;
}

function Tile({ found, mayUpgrade, name, onPick }: TileProps): JSX.Element {
  const { t, i18n } = useTranslation(["library", "launcher"]);
  const isPackage = "installed" in found;
  const newer = isPackage && found.installed && found.app_version !== null && isNewer(found.version, found.app_version) ? found.version : null;
  const isUploaded = isPackage && found.versions[0]?.source === "uploaded";
  return (
    <li className="tile tile-package">
      <AppMark icon={found.icon} name={found.key} size={44} />
      <span className="tile-text">
        <strong>{name}</strong>
        <span>{label(found.description, i18n.language)}</span>
        <span className="tile-note">
          {isPackage ? t("launcher:version", { version: found.version }) : t("noPackage")}
          {isUploaded ? ` · ${t("uploaded")}` : ""}
        </span>
      </span>
      <span className="tile-act">
        {isPackage && !found.installed ? null : (
          <>
            {newer === null ? (
              <Tag color="green">{t("launcher:installed")}</Tag>
            ) : (
              <Newer app={found.key} mayUpgrade={mayUpgrade} text={t("newer", { version: newer })} />
            )}
            <Link className="link" to={`/apps/${found.key}`}>
              {t("launcher:open")}
            </Link>
          </>
        )}
        {isPackage && !found.installed ? (
          <Button onClick={onPick}>{t("launcher:install")}</Button>
        ) : (
          <Button aria-label={t("detailsOf", { name })} onClick={onPick}>
            {t("details")}
          </Button>
        )}
      </span>
    </li>
  );
}

/** Says that there is a newer version, and leads to it who may put it into the draft; others are told who may. */
function Newer({ app, mayUpgrade, text }: { readonly app: string; readonly mayUpgrade: boolean; readonly text: string }): JSX.Element {
  const { t } = useTranslation("library");
  const tag = <Tag color="orange">{text}</Tag>;
  return mayUpgrade ? <Link to={`/design/${app}/upgrade`}>{tag}</Link> : <span title={t("mayNotUpgrade")}>{tag}</span>;
}

interface Upload {
  readonly isOver: boolean;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly send: (file: File | undefined) => void;
  readonly dropping: { readonly onDragOver: (event: DragEvent) => void; readonly onDragLeave: (event: DragEvent) => void; readonly onDrop: (event: DragEvent) => void };
}

/** Sends a file that is chosen, or dropped anywhere on the page; `onUploaded` is told what it was. */
function useUpload(onUploaded: (key: string, version: string) => void): Upload {
  const api = useApi();
  const client = useQueryClient();
  const [isOver, setOver] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const upload = async (file: File): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { key, version } = await uploadPackage(api, file);
      await client.invalidateQueries({ queryKey: keys.library });
      onUploaded(key, version);
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  const send = (file: File | undefined): void => {
    if (file !== undefined && !isBusy) void upload(file);
  };
  return {
    isOver,
    isBusy,
    error,
    send,
    dropping: {
      onDragOver: (event) => {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        send(event.dataTransfer.files[0]);
      },
    },
  };
}

function UploadButton({ isBusy, onFile }: { readonly isBusy: boolean; readonly onFile: (file: File | undefined) => void }): JSX.Element {
  const { t } = useTranslation("library");
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button className="library-upload" icon="add" isBusy={isBusy} title={t("uploadHelp")} onClick={() => input.current?.click()}>
        {t("upload")}
      </Button>
      <input
        ref={input}
        className="hidden"
        type="file"
        tabIndex={-1}
        aria-label={t("upload")}
        accept=".json,.zip"
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </>
  );
}
