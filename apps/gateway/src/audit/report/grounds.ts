import type { Regime } from './terms.js';

interface Ground {
  readonly regime: Regime;
  /** As the resident reads it, in plain Dutch. */
  readonly words: string;
}

const uavg = (letter: string, words: string): Ground => ({
  regime: 'AVG',
  words: `${words} (artikel 23 AVG en artikel 41, eerste lid, onder ${letter}, UAVG)`,
});
const wpg = (letter: string, words: string): Ground => ({
  regime: 'WPG',
  words: `${words} (artikel 27, eerste lid, onder ${letter}, Wpg)`,
});

/** On which a controller withholds: coded, so that no officer writes about a person. Each belongs to one law. */
export const GROUNDS = {
  UAVG_41_1_A: uavg('a', 'de veiligheid van Nederland'),
  UAVG_41_1_B: uavg('b', 'de verdediging van Nederland'),
  UAVG_41_1_C: uavg('c', 'de openbare veiligheid'),
  UAVG_41_1_D: uavg('d', 'het voorkomen, onderzoeken of bestraffen van strafbare feiten'),
  UAVG_41_1_E: uavg('e', 'een ander belangrijk algemeen belang'),
  UAVG_41_1_F: uavg('f', 'de onafhankelijkheid van de rechter en gerechtelijke procedures'),
  UAVG_41_1_G: uavg('g', 'het toezicht op een beroep met eigen regels'),
  UAVG_41_1_H: uavg('h', 'een taak van toezicht of inspectie'),
  UAVG_41_1_I: uavg('i', 'de bescherming van u of van de rechten van anderen'),
  UAVG_41_1_J: uavg('j', 'het innen van een vordering'),
  AVG_15_4: { regime: 'AVG', words: 'de rechten en vrijheden van anderen (artikel 15, vierde lid, AVG)' },
  AVG_12_5: { regime: 'AVG', words: 'het verzoek is duidelijk ongegrond of te veel (artikel 12, vijfde lid, AVG)' },
  WPG_27_1_A: wpg('a', 'onderzoeken en procedures van de rechter'),
  WPG_27_1_B: wpg('b', 'het voorkomen, onderzoeken of bestraffen van strafbare feiten'),
  WPG_27_1_C: wpg('c', 'de openbare veiligheid'),
  WPG_27_1_D: wpg('d', 'de rechten en vrijheden van anderen'),
  WPG_27_1_E: wpg('e', 'de veiligheid van Nederland'),
  WPG_27_1_F: wpg('f', 'het verzoek is duidelijk ongegrond of te veel'),
} as const satisfies Readonly<Record<string, Ground>>;

export type WithholdGround = keyof typeof GROUNDS;
export const WITHHOLD_GROUNDS = Object.keys(GROUNDS) as readonly WithholdGround[];
