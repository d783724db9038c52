package io.firn.lake.catalog;

import io.firn.model.schema.TableId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Names of tables and namespaces in the catalog. Catalogs build directories from them without
 * looking, so a name keeps only what is harmless in a path, a URL and a catalog: letters, digits,
 * {@code _}, {@code -}, {@code $} and, inside, {@code .}. Everything else becomes {@code @} and the
 * four hex digits of the UTF-16 unit, as MySQL itself does in file names.
 *
 * <p><b>Invariant</b>: different names have different encodings. A database name {@code a.b} is the
 * namespace {@code b} in {@code a}.
 */
public final class TableNames {
  private static final int MAX_LENGTH = 180;

  private TableNames() {}

  /** The identifier of a target table in the catalog. */
  public static TableIdentifier identifier(TableId table) {
    return TableIdentifier.of(namespace(table.database()), encode(table.name()));
  }

  /** The namespace of a database name. */
  public static Namespace namespace(String database) {
    String[] levels = database.split("\\.", -1);
    if (Arrays.stream(levels).anyMatch(String::isEmpty)) {
      return Namespace.of(encodeStrictly(database));
    }
    return Namespace.of(
        Arrays.stream(levels).map(TableNames::encodeStrictly).toArray(String[]::new));
  }

  /** One name as a catalog name; dots inside are kept. */
  public static String encode(String name) {
    return encode(name, true);
  }

  /** One name as a catalog name without dots. */
  public static String encodeStrictly(String name) {
    return encode(name, false);
  }

  private static String encode(String name, boolean keepDots) {
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean inside = i > 0 && i < name.length() - 1;
      if (Character.isLetterOrDigit(c)
          || c == '_'
          || c == '-'
          || c == '$'
          || (c == '.' && keepDots && inside && name.charAt(i - 1) != '.')) {
        encoded.append(c);
      } else {
        encoded.append('@').append(String.format("%04x", (int) c));
      }
    }
    // Object stores and file systems take 255 bytes per part.
    if (encoded.toString().getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH) {
      int end = Math.min(40, encoded.length());
      return encoded.substring(0, end) + "@@" + digest(name);
    }
    return encoded.toString();
  }

  private static String digest(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_16BE));
      return HexFormat.of().formatHex(hash, 0, 20);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
