package io.millrace.cli.transfer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.millrace.cli.client.Json;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Writes lines of comma-separated values under a line of names. Strings stand there as they are,
 * everything else as JSON; a member that is missing, or null, is empty.
 */
final class CsvWriter implements DocumentWriter {
  private final CsvGenerator generator;
  private final List<String> columns;

  CsvWriter(Writer writer, Collection<String> columns) throws IOException {
    this.columns = List.copyOf(columns);
    this.generator =
        CsvMapper.builder()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
            .build()
            .getFactory()
            .createGenerator(writer);
    CsvSchema.Builder schema = CsvSchema.builder();
    columns.forEach(schema::addColumn);
    generator.setSchema(schema.build().withHeader());
  }

  @Override
  public void write(String line) throws IOException {
    Map<String, String> values = Json.values(line);
    generator.writeStartObject();
    for (String column : columns) {
      String value = values.getOrDefault(column, "null");
      generator.writeFieldName(column);
      if (value.startsWith("\"")) {
        generator.writeString(Json.tree(value).asText());
      } else {
        generator.writeString(value.equals("null") ? "" : value);
      }
    }
    generator.writeEndObject();
  }

  @Override
  public void end() throws IOException {
    generator.close();
  }
}
