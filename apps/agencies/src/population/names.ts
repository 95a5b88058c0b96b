/** Invented names: built from syllables that belong to no language in particular, so that nobody is meant. */
export const FAMILY_NAMES = [
  'Amarun', 'Belkosi', 'Cadovar', 'Dembary', 'Eskalu', 'Fantory', 'Gebremun', 'Haldoran', 'Ismandi', 'Jaforu',
  'Kelembe', 'Lusandro', 'Mavori', 'Nadirow', 'Okelani', 'Peshkaru', 'Qadimo', 'Rosvani', 'Samukar', 'Tesfory',
  'Umbaro', 'Vardanu', 'Wolteki', 'Xandari', 'Yemaru', 'Zorvali',
] as const; // prettier-ignore

export const GIVEN_NAMES = [
  'Adami', 'Bilo', 'Chamu', 'Desta', 'Elvane', 'Farun', 'Gosia', 'Hamara', 'Ilmo', 'Jovani', 'Kasim', 'Lenua',
  'Miro', 'Nasrine', 'Orvel', 'Parisu', 'Ruva', 'Sanue', 'Tariku', 'Vesna', 'Wendu', 'Yonasi', 'Zinabu',
] as const; // prettier-ignore

/**
 * RvIG table 32 codes. The demo only needs to know on which side of ground X3 (EU citizen) a code falls; 0499 is
 * stateless and 0000 unknown.
 */
export const NATIONALITIES_OUTSIDE_EU = ['0100', '0131', '0300', '0312', '0313', '0499', '0000'] as const;
export const NATIONALITIES_INSIDE_EU = ['0052', '0055', '0057'] as const;
