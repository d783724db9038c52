package io.firn.source.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.schema.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantsTest {
  private static final TableId ORDERS = new TableId("shop", "orders");

  @Test
  void globalGrantsCoverEverything() {
    Grants grants =
        Grants.parse(
            List.of(
                "GRANT SELECT, RELOAD, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `u`@`%`",
                "GRANT BACKUP_ADMIN,XA_RECOVER_ADMIN ON *.* TO `u`@`%`"));
    assertThat(grants.global("REPLICATION SLAVE")).isTrue();
    assertThat(grants.global("SUPER", "RELOAD")).isTrue();
    assertThat(grants.global("XA_RECOVER_ADMIN")).isTrue();
    assertThat(grants.global("LOCK TABLES")).isFalse();
    assertThat(grants.on(ORDERS, "SELECT")).isTrue();
  }

  @Test
  void grantsOnADatabaseOrTableCoverOnlyThat() {
    Grants grants =
        Grants.parse(
            List.of(
                "GRANT USAGE ON *.* TO `u`@`%`",
                "GRANT SELECT ON `sh\\_p`.* TO `u`@`%`",
                "GRANT LOCK TABLES ON `sh%`.* TO `u`@`%`",
                "GRANT SELECT ON `shop`.`orders` TO `u`@`%`",
                "GRANT SELECT (`a`, `b`), INSERT (`c`) ON `shop`.`secret` TO `u`@`%`",
                "GRANT `role`@`%` TO `u`@`%`"));
    assertThat(grants.on(ORDERS, "SELECT")).isTrue();
    assertThat(grants.on(new TableId("shop", "other"), "SELECT")).isFalse();
    assertThat(grants.on(new TableId("shop", "secret"), "SELECT")).isFalse();
    assertThat(grants.on(new TableId("sh_p", "other"), "SELECT")).isTrue();
    assertThat(grants.on(new TableId("shop", "other"), "LOCK TABLES")).isTrue();
    assertThat(grants.global("SELECT")).isFalse();
  }

  @Test
  void allPrivilegesContainEveryPrivilege() {
    Grants grants =
        Grants.parse(
            List.of("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"));
    assertThat(grants.global("REPLICATION SLAVE")).isTrue();
    assertThat(grants.on(ORDERS, "LOCK TABLES")).isTrue();
  }
}
