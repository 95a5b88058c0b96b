export const HELP = `Usage: npm run verify -- <folder or https address> [options]
       npm run verify -- proof <file> --key <vkey> [--record <file>] [options]

Checks an access log without trusting whoever keeps it.

  <folder>         an export (npm run log -- export): signatures, tree, every record, columns, erasures
  <https address>  a live log (https://<gateway>:8444/v1/log): signatures, tree and entries; records are not public
  proof <file>     one inclusion proof: the answer of .../inclusion-proof (JSON), those of a report, or a C2SP tlog-proof

  --key VKEY|FILE     public key of the log, from a source other than the log; once for each epoch.
                      Without it the one beside the log is believed, and that is said
  --witnesses FILE    keys of witnesses: one vkey a line, or witnesses.json of an export
  --quorum N          how many of them must have cosigned (default: more than half)
  --state FILE        remembers what was seen, so that the next check finds a fork or a shrunk log
  --digests FILE      digests from receipts and answers (base64url or hexadecimal, one a line): each must be in the log
  --terms LIST        months that a kind of record must be kept: DELIVERY=60,REFUSAL=60
  --ca FILE           authority of the certificate of a live log (PEM)
  --record FILE       with proof: the record itself, {"canonical": base64, "salt": base64}
  --threads N         default: all cores
  --json              the result as JSON

Exit code: 0 nothing found, 1 something found (each is named), 2 could not be checked.
What is proven and what is not: docs/verify-the-log.md`;
