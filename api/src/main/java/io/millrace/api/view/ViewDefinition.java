package io.millrace.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a view computes.
 *
 * @param bucket whose documents it sees
 * @param name unique within the bucket
 * @param type the name of the module that computes it
 * @param members the module's own members of the definition; not to be changed
 */
public record ViewDefinition(String bucket, String name, String type, ObjectNode members) {}
