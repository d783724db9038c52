package io.firn.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.schema.TableId;
import io.firn.model.sink.TableState;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ManifestCodecTest {
  private final CheckpointManifest manifest = Manifests.manifest(4, 17, "state/4/0/1.sst");
  private final byte[] encoded = ManifestCodec.encode(manifest);

  @Test
  void decodingGivesBackWhatWasEncoded() throws Exception {
    CheckpointManifest decoded = ManifestCodec.decode(encoded);

    assertThat(decoded)
        .usingRecursiveComparison()
        .ignoringFields("source.position.ORDER")
        .isEqualTo(manifest);
    assertThat(decoded.commits().get(0).payload()).containsExactly(1, -2, 3);
  }

  @Test
  void firstManifestHasNoPreviousPosition() throws Exception {
    CheckpointManifest first = Manifests.manifest(1, 1);

    assertThat(ManifestCodec.decode(ManifestCodec.encode(first)).previousPosition()).isNull();
  }

  @Test
  void tablesAreNotedOrNotKnown() throws Exception {
    CheckpointManifest noted =
        Manifests.withTables(
            manifest,
            new TableState(new TableId("lake", "orders"), "uuid-1", 16),
            new TableState(new TableId("lake", "items"), "uuid-2", 0));

    assertThat(ManifestCodec.decode(ManifestCodec.encode(noted)).tables())
        .isEqualTo(noted.tables());
    assertThat(ManifestCodec.decode(encoded).tables()).isEmpty();
  }

  @Test
  void manifestOfAVersionThatDidNotNoteTablesIsRead() throws Exception {
    // Written before the field "tables" was added to the schema.
    byte[] old = getClass().getResourceAsStream("manifest-without-tables.bin").readAllBytes();

    CheckpointManifest decoded = ManifestCodec.decode(old);

    assertThat(decoded.tables()).isEmpty();
    assertThat(decoded)
        .usingRecursiveComparison()
        .ignoringFields("source.position.ORDER")
        .isEqualTo(manifest);
  }

  @Test
  void manifestCutAtAnyByteIsRefused() {
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> ManifestCodec.decode(cut))
          .as("cut to " + length)
          .isInstanceOf(DamagedManifestException.class);
    }
  }

  @Test
  void manifestWithZeroedTailIsRefused() {
    for (int length = 0; length < encoded.length - 1; length++) {
      byte[] zeroed = Arrays.copyOf(Arrays.copyOf(encoded, length), encoded.length);
      if (!Arrays.equals(zeroed, encoded)) {
        assertThatThrownBy(() -> ManifestCodec.decode(zeroed))
            .as("zero from " + length)
            .isInstanceOf(DamagedManifestException.class);
      }
    }
  }

  @Test
  void manifestWithAnyBitFlippedIsRefused() {
    for (int bit = 0; bit < encoded.length * 8; bit++) {
      byte[] flipped = encoded.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> ManifestCodec.decode(flipped))
          .as("bit " + bit)
          .isInstanceOf(DamagedManifestException.class);
    }
  }

  @Test
  void manifestWithSomethingAppendedIsRefused() {
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
    assertThatThrownBy(() -> ManifestCodec.decode(longer))
        .isInstanceOf(DamagedManifestException.class);
  }
}
