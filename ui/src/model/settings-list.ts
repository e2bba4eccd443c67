/** What can be set, in the order of the page, and which of it somebody is looking for. Pure. */

export const SECTIONS = {
  appearance: ['language', 'theme'],
  refresh: ['interval'],
  columns: ['columns'],
  notifications: ['notify', 'udp', 'quiet', 'rules'],
  history: ['keep', 'days', 'megabytes', 'forget'],
  start: ['close_to_tray', 'minimise_without_tray', 'start_with_system'],
  privacy: ['lookups', 'networks'],
  file: ['file', 'reset'],
} as const;

export type Section = keyof typeof SECTIONS;
export type SettingName = (typeof SECTIONS)[Section][number];

/** The settings in whose section, label, sentence or further words every word that was typed is found. */
export function found(
  typed: string,
  section: (name: Section) => string,
  words: (name: SettingName) => string,
): ReadonlySet<SettingName> {
  const wanted = plain(typed).split(/\s+/u).filter(Boolean);
  const names = (Object.keys(SECTIONS) as Section[]).flatMap((of) => {
    const heading = section(of);
    return SECTIONS[of].filter((name) => {
      const text = plain(`${heading} ${words(name)}`);
      return wanted.every((word) => text.includes(word));
    });
  });
  return new Set<SettingName>(names);
}

/** Without what people do not mean to tell apart: capitals, and wide forms of letters and digits. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
