import type { ConnectionOptions } from 'node:tls';
import type { IdentityError } from '#identity/identity-error.js';
import { RotatingFiles } from '#identity/rotating-files.js';
import { clientTlsOptions } from '#identity/tls-options.js';
import type { MessagingLog } from '#messaging/messaging-log.js';

/** PEM files with which a client shows itself to the brokers, and knows them. */
export interface KafkaFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** Checked as at every start: valid now, strong, readable by us alone. @throws IdentityError */
export async function kafkaTls({ certFile, keyFile, caFile }: KafkaFiles): Promise<ConnectionOptions> {
  return await clientTlsOptions({ certFile, keyFile, caFiles: [caFile] });
}

/**
 * The certificate of one client of the brokers while its files are replaced. kafkajs keeps what it was made with for
 * all its connections, so whoever uses this makes a new client when told to.
 */
export class KafkaIdentity {
  private opening: Promise<RotatingFiles<ConnectionOptions>> | undefined;
  private closed = false;

  constructor(
    private readonly files: KafkaFiles,
    private readonly onRenewed: () => void,
    private readonly log: MessagingLog,
  ) {}

  /** The newest that can be used. @throws IdentityError when there has been none yet */
  async tls(): Promise<ConnectionOptions> {
    this.opening ??= this.open();
    return (await this.opening).current;
  }

  close(): void {
    this.closed = true;
    void this.opening?.then(
      (files) => files.close(),
      () => undefined,
    );
  }

  private async open(): Promise<RotatingFiles<ConnectionOptions>> {
    const { certFile, keyFile, caFile } = this.files;
    try {
      const files = await RotatingFiles.open([certFile, keyFile, caFile], () => kafkaTls(this.files));
      if (!this.closed) files.watch({ onChange: this.onRenewed, onRefused: (error) => this.refused(error) });
      return files;
    } catch (error) {
      // Not remembered: whoever connects tries again, and by then the files may be there.
      this.opening = undefined;
      throw error;
    }
  }

  private refused(error: Error): void {
    const { code, detail, nextStep } = error as Partial<IdentityError>;
    const alarm = { alarm: 'CERTIFICATE_REFUSED', code, detail, nextStep };
    this.log.error(alarm, 'new certificate files for Kafka cannot be used; the old ones are in use');
  }
}
