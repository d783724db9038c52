package io.firn.dsl.function;

import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.function.FunctionSpec.Group;
import io.firn.dsl.function.Parameter.Accepts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Hashes and text forms of bytes. Text counts as its UTF-8 bytes. */
final class Digests {
  private Digests() {}

  private static final Parameter VALUE = Parameter.of("value", Accepts.TEXT_OR_BYTES);

  static FunctionSpec spec(String name, String algorithm) {
    return FunctionSpec.of(
        name,
        Group.TEXT,
        "The " + algorithm + " hash of the text or bytes, in hexadecimal.",
        new Signature(List.of(VALUE), Bindings.gives(Kind.TEXT), call -> digest(call, algorithm)));
  }

  private static Expression digest(Signature.Call call, String algorithm) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      return Bindings.strict(
          call.arguments(), values -> HexFormat.of().formatHex(digest.digest(bytes(values[0]))));
    } catch (NoSuchAlgorithmException e) {
      throw new EvaluationException("This Java has no " + algorithm);
    }
  }

  private static byte[] bytes(Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  static final FunctionSpec TO_BASE64 =
      FunctionSpec.of(
              "TO_BASE64",
              Group.TEXT,
              "The text or bytes in Base64.",
              new Signature(
                  List.of(VALUE),
                  Bindings.gives(Kind.TEXT),
                  Bindings.one(v -> Base64.getEncoder().encodeToString(bytes(v)))))
          .example("TO_BASE64('firn')", "Zmlybg==");

  static final FunctionSpec FROM_BASE64 =
      FunctionSpec.of(
              "FROM_BASE64",
              Group.TEXT,
              "The bytes of a Base64 text.",
              new Signature(
                  List.of(Parameter.of("text", Accepts.TEXT)),
                  Bindings.gives(Kind.BYTES),
                  Bindings.one(
                      v -> {
                        try {
                          return ByteBuffer.wrap(Base64.getDecoder().decode(v.toString()));
                        } catch (IllegalArgumentException e) {
                          throw new EvaluationException(Quoted.of(v) + " is not Base64");
                        }
                      })))
          .example("FROM_BASE64('Zmlybg==')", "firn");

  static final FunctionSpec HEX =
      FunctionSpec.of(
              "HEX",
              Group.TEXT,
              "The text or bytes in hexadecimal, in capitals.",
              new Signature(
                  List.of(VALUE),
                  Bindings.gives(Kind.TEXT),
                  Bindings.one(v -> HexFormat.of().withUpperCase().formatHex(bytes(v)))))
          .example("HEX('firn')", "6669726E");
}
