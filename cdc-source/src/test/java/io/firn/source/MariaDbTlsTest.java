package io.firn.source;

import io.firn.testservers.CertificateAuthority;
import io.firn.testservers.CertificateAuthority.Issued;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;

class MariaDbTlsTest extends TlsContract {

  @Override
  DatabaseServer start(CertificateAuthority authority, Issued certificate) {
    return MariaDbServer.start(
        "--ssl",
        "--ssl-ca=" + authority.certificate(),
        "--ssl-cert=" + certificate.certificate(),
        "--ssl-key=" + certificate.key());
  }

  @Override
  DatabaseServer startWithoutTls() {
    return MariaDbServer.start("--skip-ssl");
  }

  @Override
  Flavour flavour() {
    return Flavour.MARIADB;
  }
}
