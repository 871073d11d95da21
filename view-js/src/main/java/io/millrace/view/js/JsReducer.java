package io.millrace.view.js;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.view.index.reduce.Reducer;
import io.millrace.view.index.reduce.Reduction;
import io.millrace.view.script.Outcome;
import io.millrace.view.script.Script;
import io.millrace.view.script.ScriptPool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Reduces by a JavaScript function. Tasks that are known together go to the threads of the pool in
 * chunks; when a chunk exceeds a limit its tasks are done again one by one, so that only the one
 * that is to blame fails.
 */
final class JsReducer implements Reducer {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int CHUNK_TASKS = 32;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final ScriptPool pool;
  private final Script script;

  JsReducer(ScriptPool pool, Script script) {
    this.pool = pool;
    this.script = script;
  }

  @Override
  public Reduction begin() {
    return new JsReduction(this);
  }

  @Override
  public void prepare(List<Reduction> reductions) {
    List<JsReduction> waiting = new ArrayList<>(reductions.size());
    List<byte[]> tasks = new ArrayList<>(reductions.size());
    for (Reduction reduction : reductions) {
      JsReduction ours = (JsReduction) reduction;
      byte[] task = ours.soleTask();
      if (task != null) {
        waiting.add(ours);
        tasks.add(task);
      }
    }
    List<Result> results = run(tasks);
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).take(results.get(i));
    }
  }

  /**
   * What came of one task.
   *
   * @param text JSON, or why there is none
   */
  record Result(boolean failed, String text) {}

  /** Runs one task: a JSON array of keys and values, or of values that were reduced before. */
  Result run(byte[] task) {
    return run(List.of(task)).get(0);
  }

  /** Some tasks, and their results once they are there. */
  private record Chunk(List<byte[]> tasks, CompletableFuture<Outcome<String>> results) {}

  private List<Result> run(List<byte[]> tasks) {
    List<Chunk> chunks = new ArrayList<>();
    try {
      int start = 0;
      long bytes = 0;
      for (int end = 1; end <= tasks.size(); end++) {
        bytes += tasks.get(end - 1).length;
        if (end == tasks.size() || end - start == CHUNK_TASKS || bytes >= CHUNK_BYTES) {
          chunks.add(submit(tasks.subList(start, end)));
          start = end;
          bytes = 0;
        }
      }
      List<Result> results = new ArrayList<>(tasks.size());
      for (Chunk chunk : chunks) {
        collect(chunk, results);
      }
      return results;
    } finally {
      chunks.forEach(chunk -> chunk.results().cancel(false));
    }
  }

  private Chunk submit(List<byte[]> tasks) {
    StringBuilder json = new StringBuilder("[");
    for (byte[] task : tasks) {
      json.append(json.length() == 1 ? "" : ",").append(new String(task, StandardCharsets.UTF_8));
    }
    String text = json.append(']').toString();
    return new Chunk(tasks, pool.submit(sandbox -> String.valueOf(sandbox.run(script, text))));
  }

  private void collect(Chunk chunk, List<Result> results) {
    Outcome<String> outcome = await(chunk.results());
    if (outcome instanceof Outcome.Done<String> done) {
      int before = results.size();
      done.value().lines().forEach(line -> results.add(result(line)));
      if (results.size() != before + chunk.tasks().size()) {
        throw new InternalException("reduce-output", "a reduce function left something out");
      }
    } else if (chunk.tasks().size() > 1) {
      for (byte[] task : chunk.tasks()) {
        collect(submit(List.of(task)), results);
      }
    } else {
      results.add(new Result(true, ((Outcome.Exceeded<String>) outcome).reason()));
    }
  }

  private static Result result(String line) {
    String text = line.substring(1);
    if (line.charAt(0) == '=') {
      return new Result(false, text);
    }
    try {
      return new Result(true, MAPPER.readValue(text, String.class));
    } catch (JsonProcessingException e) {
      throw new InternalException("reduce-output", "a message of a reduce function is no JSON", e);
    }
  }

  private static Outcome<String> await(CompletableFuture<Outcome<String>> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", "reducing rows was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MillraceException ours) {
        throw ours;
      }
      throw new InternalException("reduce-failed", "rows could not be reduced", e.getCause());
    }
  }
}
