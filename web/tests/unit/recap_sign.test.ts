// The letters of one's month, also of days whose halves have modes of their own.
import { expect, test } from "vitest";
import { modeWords } from "../../src/half";
import { asks, reasonsOf, signOf, type RecapDay } from "../../src/phone/pages/recap_sign";

const told = (message: string) => ({ code: message, message }) as unknown as RecapDay["reasons"][number];
const day = (more: Partial<RecapDay>): RecapDay => ({ date: "2026-11-27", status: "present", sign: "R", mode: "wfh", reasons: [], ...more });
const half = (more: Partial<NonNullable<RecapDay["afternoon"]>>) => ({ status: "present", mode: "wfo", reasons: [], ...more }) as NonNullable<RecapDay["afternoon"]>;

test("a planned day shows the letters of its modes, a day that was the service's sign", () => {
  expect(signOf(day({ status: "pending" }))).toBe("R");
  expect(signOf(day({ status: "pending", afternoon: half({ status: "pending" }) }))).toBe("R/K");
  expect(signOf(day({ status: "pending", mode: "picket", afternoon: half({ status: "pending", mode: "duty_travel" }) }))).toBe("P/DL");
  expect(signOf(day({ sign: "R/K", afternoon: half({}) }))).toBe("R/K");
});

test("a day asks where either half does", () => {
  expect(asks(day({}))).toBe(false);
  expect(asks(day({ status: "incomplete" }))).toBe(true);
  expect(asks(day({ afternoon: half({ status: "to_explain" }) }))).toBe(true);
  expect(asks(day({ afternoon: half({}) }))).toBe(false);
});

test("reasons of both halves are told, what is the same once", () => {
  const parted = day({ reasons: [told("a"), told("b")], afternoon: half({ reasons: [told("b"), told("c")] }) });
  expect(reasonsOf(parted).map(({ message }) => message)).toEqual(["a", "b", "c"]);
});

test("a day in words names both halves", () => {
  expect(modeWords("id", "wfh", undefined)).toBe("Bekerja dari rumah");
  expect(modeWords("id", "wfh", "wfo")).toBe("Pagi bekerja dari rumah, siang bekerja di kantor");
});
