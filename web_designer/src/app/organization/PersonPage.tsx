/** A person: where they belong, who manages them, every role with what gives it, how they sign in, and handing over their work. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import type { RecordJson } from "@/shared/api/records";
import { showDate } from "@/shared/format/times";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Failed, Loading } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { HandOverDialog } from "./HandOverDialog";
import { pathOf } from "./departmentTree";
import { ORGANIZATION, peopleKeys, readDepartments, readRolesOf, readUser } from "./organizationApi";
import "./organization.css";

export default function PersonPage(): JSX.Element {
  const { t, i18n } = useTranslation("organization");
  const api = useApi();
  const session = useSession();
  const { id = "" } = useParams();
  const [isHandingOver, setHandingOver] = useState(false);
  const person = useQuery({ queryKey: peopleKeys.person(id), queryFn: () => readUser(api, id) });
  const departments = useQuery({ queryKey: peopleKeys.departments, queryFn: () => readDepartments(api) });
  const name = String(person.data?.name ?? "");
  useEffect(() => {
    document.title = name;
  }, [name]);
  if (person.isPending) return <Loading />;
  if (person.isError) return <Failed error={person.error} onRetry={() => void person.refetch()} />;
  const user = person.data;
  const mayChange = session.may.includes("install");
  const mayHandOver = mayChange || session.user.id === id;
  const day = (text: unknown): string => (typeof text === "string" ? showDate(text, i18n.language) : "");
  const others = Array.isArray(user.other_positions) ? (user.other_positions as readonly RecordJson[]) : [];
  return (
    <div className="page page-people">
      <header className="page-head">
        <ButtonLink look="text" icon="back" to="/people" label={t("backToPeople")} children={null} />
        <div className="page-title">
          <h1>{name}</h1>
          <span className="page-kind">
            {String(user.email)} {user.active === true ? null : <Tag color="gray">{t("inactive")}</Tag>}
          </span>
        </div>
        <span className="top-space" />
        {mayHandOver ? <Button onClick={() => setHandingOver(true)}>{t("handOver")}</Button> : null}
        {mayChange ? <ButtonLink to={`/people/${id}/account`}>{t("signIn")}</ButtonLink> : null}
        <ButtonLink to={`/apps/${ORGANIZATION}/records/user/${id}`}>{t("record")}</ButtonLink>
      </header>
      <div className="person-parts">
        <section className="person-part" aria-labelledby="person-place">
          <h2 id="person-place">{t("place")}</h2>
          <dl className="person-facts">
            <Fact name={t("department")}>{pathOf(departments.data ?? [], user.department) || String(user.department__title ?? "")}</Fact>
            <Fact name={t("position")}>{String(user.main_position__title ?? "")}</Fact>
            <Fact name={t("otherPositions")}>{others.map((row) => `${String(row.other_position__title ?? "")} (${pathOf(departments.data ?? [], row.department)})`).join(", ")}</Fact>
            <Fact name={t("manager")}>{typeof user.manager === "string" ? <Link to={`/people/${user.manager}`}>{String(user.manager__title ?? "")}</Link> : null}</Fact>
            <Fact name={t("employeeNumber")}>{String(user.employee_number ?? "")}</Fact>
            <Fact name={t("mobile")}>{String(user.mobile ?? "")}</Fact>
            <Fact name={t("joinedOn")}>{day(user.joined_on)}</Fact>
            <Fact name={t("leftOn")}>{day(user.left_on)}</Fact>
          </dl>
        </section>
        {mayHandOver ? <Roles id={id} /> : null}
      </div>
      {isHandingOver ? <HandOverDialog id={id} name={name} onClose={() => setHandingOver(false)} /> : null}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): JSX.Element | null {
  if (children === null || children === "") return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Roles({ id }: { readonly id: string }): JSX.Element {
  const { t } = useTranslation("organization");
  const api = useApi();
  const given = useQuery({ queryKey: peopleKeys.roles(id), queryFn: () => readRolesOf(api, id) });
  if (given.isPending) return <Loading />;
  if (given.isError) return <Failed error={given.error} onRetry={() => void given.refetch()} />;
  return (
    <section className="person-part" aria-labelledby="person-roles">
      <h2 id="person-roles">{t("roles")}</h2>
      {given.data.roles.length === 0 ? <p className="people-quiet">{t("noRoles")}</p> : null}
      <ul className="person-roles">
        {given.data.roles.map((one) => (
          <li key={`${one.key} ${one.source} ${one.source_id}`}>
            <span>
              {one.name} <code>{one.key}</code>
            </span>
            <span className="people-quiet">
              {one.source === "user" ? t("source.user") : <Link to={`/apps/${ORGANIZATION}/records/${one.source}/${one.source_id}`}>{t(`source.${one.source}`, { name: one.source_name })}</Link>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
