package io.millrace.cli.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.cli.client.Json;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of comma-separated values under a line of names. All values are strings, unless types
 * are asked for: then what looks like JSON's numbers, {@code true}, {@code false}, {@code null},
 * arrays and objects is taken for these, and an empty value for a member that is missing.
 */
final class CsvReader implements DocumentReader {
  /** JSON's grammar; anything else, such as 007, stays a string. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private static final Pattern WORD = Pattern.compile("true|false|null");

  private final MappingIterator<Map<String, String>> rows;
  private final boolean types;
  private long line;

  CsvReader(Reader reader, boolean types) throws IOException {
    this.types = types;
    this.rows =
        CsvMapper.builder()
            .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(reader);
  }

  @Override
  public @Nullable String next() throws IOException {
    try {
      if (!rows.hasNextValue()) {
        return null;
      }
      line = rows.getCurrentLocation().getLineNr();
      return document(rows.nextValue());
    } catch (JsonProcessingException e) {
      throw refused(e.getOriginalMessage());
    } catch (RuntimeJsonMappingException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private InvalidRequestException refused(String why) {
    return new InvalidRequestException(
        "malformed-csv", "line " + rows.getCurrentLocation().getLineNr() + ": " + why);
  }

  private String document(Map<String, String> row) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = Json.mapper().getFactory().createGenerator(text)) {
      generator.writeStartObject();
      for (Map.Entry<String, String> cell : row.entrySet()) {
        String value = cell.getValue();
        if (!types || cell.getKey().equals("id") || cell.getKey().equals("rev")) {
          generator.writeStringField(cell.getKey(), value);
        } else if (!value.isEmpty()) {
          generator.writeFieldName(cell.getKey());
          writeTyped(generator, value);
        }
      }
      generator.writeEndObject();
    }
    return text.toString();
  }

  private static void writeTyped(JsonGenerator generator, String value) throws IOException {
    if (NUMBER.matcher(value).matches()) {
      generator.writeNumber(value);
    } else if (WORD.matcher(value).matches() || isJson(value)) {
      generator.writeRawValue(value);
    } else {
      generator.writeString(value);
    }
  }

  private static boolean isJson(String value) {
    if (!value.startsWith("{") && !value.startsWith("[") || value.indexOf('\n') >= 0) {
      return false;
    }
    try {
      return Json.mapper().readTree(value).isContainerNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  @Override
  public long line() {
    return line;
  }
}
