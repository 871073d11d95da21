package io.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.JsonText;
import io.millrace.api.replication.PeerRequest;
import io.millrace.rest.http.Problem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of the object that describes a peer to be added. */
record PeerMembers(ObjectNode body) {
  private static final String ADDRESS = "zmq_uri";
  private static final String NAME = "name";
  private static final String KEY = "key";
  private static final String BUCKETS = "buckets";
  private static final String ONE_WAY = "one_way";
  private static final String FULL_HISTORY = "full_history";
  private static final Set<String> KNOWN =
      Set.of(ADDRESS, NAME, KEY, BUCKETS, ONE_WAY, FULL_HISTORY);

  static PeerMembers of(JsonText text) {
    if (!text.isObject()) {
      throw unlike("the body must be an object with " + ADDRESS);
    }
    ObjectNode body = Body.ofCheckedJson(text.json()).tree();
    for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KNOWN.contains(name)) {
        throw unlike("a peer has no member " + name);
      }
    }
    return new PeerMembers(body);
  }

  PeerRequest request() {
    String address = text(ADDRESS);
    if (address == null) {
      throw unlike(ADDRESS + " must say where the peer listens, for example tcp://box2:1445");
    }
    return new PeerRequest(
        text(NAME), address, text(KEY), buckets(), flag(ONE_WAY), flag(FULL_HISTORY));
  }

  private @Nullable String text(String name) {
    JsonNode member = body.get(name);
    if (member == null || member.isNull()) {
      return null;
    }
    if (!member.isTextual()) {
      throw unlike("the member " + name + " must be a string");
    }
    return member.textValue();
  }

  private boolean flag(String name) {
    JsonNode member = body.get(name);
    if (member != null && !member.isBoolean()) {
      throw unlike("the member " + name + " must be true or false");
    }
    return member != null && member.booleanValue();
  }

  private List<String> buckets() {
    JsonNode member = body.get(BUCKETS);
    List<String> buckets = new ArrayList<>();
    if (member == null) {
      return buckets;
    }
    boolean fits = member.isArray();
    for (JsonNode bucket : member) {
      fits &= bucket.isTextual();
      buckets.add(bucket.asText());
    }
    if (!fits) {
      throw unlike("the member " + BUCKETS + " must be an array of names, with * for any letters");
    }
    return buckets;
  }

  private static RuntimeException unlike(String what) {
    return Problem.of(422, "invalid-member", what).exception();
  }
}
