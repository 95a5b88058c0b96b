const MAX_ROWS = 10_000;

const oin = { type: 'string', pattern: '^[0-9]{8}[0-9A-Za-z]{12}$' };
const pilot = { type: 'string', pattern: '^[A-Z]{3}$' };
const text = { type: 'string', minLength: 1, maxLength: 300 };
const date = { type: 'string', format: 'date' };
/** Where a row comes from: a line of a source letter, a decision, or the word that it is invented. */
const source = text;
const period = { validFrom: date, validTo: date, source };

/** JSON Schema 2020-12 of one register document. Every section is optional, so that a new pilot is one small file. */
export const REGISTER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    label: text,
    pilots: rows({ code: pilot, name: text, municipalityCode: { type: 'string', pattern: '^[0-9]{4}$' }, source }, [
      'code',
      'name',
      'municipalityCode',
    ]),
    municipalities: rows({ pilot, oin }, ['pilot', 'oin']),
    capacities: rows({ pilot, agreedPlaces: { type: 'integer', minimum: 0 }, ...period }, [
      'pilot',
      'agreedPlaces',
      'validFrom',
    ]),
    covenants: rows({ id: text, pilot, parties: { type: 'array', items: text, minItems: 2 }, ...period }, [
      'id',
      'pilot',
      'parties',
      'validFrom',
      'validTo',
    ]),
    policies: rows({ pilot, key: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,99}$' }, value: true, ...period }, [
      'pilot',
      'key',
      'value',
      'validFrom',
    ]),
    routeBases: rows(
      {
        contract: { type: 'string', pattern: '^M[0-9]{2}$' },
        receiverKind: { enum: ['AVIM', 'DTV'] },
        basis: text,
        ...period,
      },
      ['contract', 'receiverKind', 'basis', 'validFrom'],
    ),
  },
};

function rows(properties: object, required: readonly string[]): object {
  return {
    type: 'array',
    maxItems: MAX_ROWS,
    items: { type: 'object', additionalProperties: false, properties, required },
  };
}
