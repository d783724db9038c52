package io.firn.source.preflight;

import io.firn.model.schema.TableId;
import io.firn.source.Flavour;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the connected user may do, active roles included. */
final class Grants {
  private static final Pattern GRANT =
      Pattern.compile("GRANT (.+?) ON (?:TABLE )?(\\S+|`.*?`\\.`?.*?`?) TO .*", Pattern.DOTALL);

  /** One grant: privileges on a level such as {@code *.*}, {@code db.*} or {@code db.table}. */
  private record Grant(Set<String> privileges, String database, String table) {
    boolean covers(String privilege, TableId id) {
      return (privileges.contains(privilege) || privileges.contains("ALL PRIVILEGES"))
          && (database.equals("*") || like(database, id.database()))
          && (table.equals("*") || table.equals(id.name()));
    }

    /** Database names of grants are LIKE patterns. */
    private static boolean like(String pattern, String name) {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c == '\\' && i + 1 < pattern.length()) {
          i++;
          regex.append(Pattern.quote(String.valueOf(pattern.charAt(i))));
        } else {
          regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
        }
      }
      return Pattern.matches(regex.toString(), name);
    }
  }

  private final List<Grant> grants;

  private Grants(List<Grant> grants) {
    this.grants = grants;
  }

  /** Asks the server. */
  static Grants of(Connection connection, Flavour flavour) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      String query = "SHOW GRANTS";
      if (flavour == Flavour.MYSQL) {
        String roles = "NONE";
        try (ResultSet rows = statement.executeQuery("SELECT CURRENT_ROLE()")) {
          roles = rows.next() ? rows.getString(1) : "NONE";
        } catch (SQLException e) {
          // MySQL 5.7 has no roles.
        }
        if (roles != null && !roles.equals("NONE")) {
          query = "SHOW GRANTS FOR CURRENT_USER() USING " + roles;
        }
      }
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
    }
    return parse(lines);
  }

  /** Reads the lines of SHOW GRANTS; lines of another kind (roles, proxies) are left out. */
  static Grants parse(List<String> lines) {
    List<Grant> grants = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = GRANT.matcher(line);
      if (matcher.matches()) {
        String level = matcher.group(2);
        int dot = level.startsWith("`") ? level.indexOf("`.") + 1 : level.indexOf('.');
        if (dot > 0) {
          grants.add(
              new Grant(
                  privileges(matcher.group(1)),
                  unquote(level.substring(0, dot)),
                  unquote(level.substring(dot + 1))));
        }
      }
    }
    return new Grants(grants);
  }

  private static Set<String> privileges(String list) {
    Set<String> names = new TreeSet<>();
    // Column lists, as in SELECT (a, b), do not cover the table.
    for (String name : list.replaceAll("[A-Z]+ \\([^)]*\\)", "").split(",")) {
      names.add(name.strip().toUpperCase(Locale.ROOT));
    }
    return names;
  }

  private static String unquote(String name) {
    return name.startsWith("`") && name.endsWith("`")
        ? name.substring(1, name.length() - 1).replace("``", "`")
        : name;
  }

  /** Whether one of the privileges is granted on everything. */
  boolean global(String... privileges) {
    for (String privilege : privileges) {
      for (Grant grant : grants) {
        boolean everything = grant.database().equals("*") && grant.table().equals("*");
        if (everything
            && (grant.privileges().contains(privilege)
                || grant.privileges().contains("ALL PRIVILEGES"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a privilege is granted on a table, directly or through its database. */
  boolean on(TableId table, String privilege) {
    return grants.stream().anyMatch(grant -> grant.covers(privilege, table));
  }
}
