package io.millrace.engine.index;

import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.Leaves;
import java.util.ArrayList;
import java.util.List;

/**
 * What the index keeps of a document: its leaves, and no more of its tree, so that a row does not
 * grow with the document's past. The rest of the tree is in the history.
 *
 * @param lastSequence the sequence of the document's newest change, which need not be the winner's
 * @param winnerBytes the length of the winner's body
 */
public record DocumentRow(Leaves leaves, long lastSequence, int winnerBytes) {
  private static final int DELETED = 1;

  /** The bytes of this row. */
  public byte[] encode() {
    BinaryWriter out = new BinaryWriter(16 + leaves.size() * 32);
    out.varint(leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      Leaf leaf = leaves.get(i);
      out.octet(leaf.deleted() ? DELETED : 0);
      out.varint(leaf.revision().generation());
      out.digest(leaf.revision());
      out.varint(leaf.sequence());
    }
    return out.varint(lastSequence).varint(winnerBytes).toBytes();
  }

  /** Reads what {@link #encode} gave. */
  public static DocumentRow decode(byte[] bytes) {
    BinaryReader in = new BinaryReader("keyspace documents", bytes);
    int count = in.count(in.remaining());
    List<Leaf> leaves = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean deleted = in.octet() == DELETED;
      int generation = in.count(Integer.MAX_VALUE);
      leaves.add(new Leaf(in.revision(generation), deleted, in.varint()));
    }
    return new DocumentRow(Leaves.of(leaves), in.varint(), in.count(Integer.MAX_VALUE));
  }

  /** The leaf that represents the document; a row has one. */
  public Leaf winner() {
    return leaves.get(0);
  }
}
