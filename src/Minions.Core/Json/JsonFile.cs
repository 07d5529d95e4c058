using System.Text.Json;
using Minions.Core.Files;

namespace Minions.Core.Json;

/// <summary>Reads a JSON file of a model folder. Comments, commas before a closing bracket and a byte order mark are let pass.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <exception cref="ModelLoadException">The file cannot be read.</exception>
    public static byte[] ReadBytes(string file)
    {
        try
        {
            byte[] content = File.ReadAllBytes(file);
            return LfsPointer.IsContent(content) ? throw new ModelLoadException($"'{file}' {LfsPointer.Advice}.", file) : content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(PathFault.OfLink(file) is { } fault ? $"{fault}." : $"'{file}' cannot be read: {exception.Message}", file, exception);
        }
    }

    /// <summary>Runs a reader over a file. Its part, and those it gets from it, are valid until it returns.</summary>
    /// <exception cref="ModelLoadException">The file cannot be read or is no JSON object, or the reader finds a fault.</exception>
    public static T Read<T>(string file, Func<JsonPart, T> read) => Read(file, ReadBytes(file), read);

    /// <summary>Runs a reader over the content of a file.</summary>
    /// <exception cref="ModelLoadException">The content is no JSON object, or the reader finds a fault.</exception>
    public static T Read<T>(string file, ReadOnlyMemory<byte> content, Func<JsonPart, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(content), Lenient);
            return read(JsonPart.Root(document, file));
        }
        catch (JsonException exception)
        {
            throw new ModelLoadException(
                $"'{file}' is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}): restore the file.", file, exception);
        }
        catch (InvalidOperationException exception)
        {
            // What System.Text.Json throws for a string that is no valid UTF-16, such as an escaped half of a surrogate pair.
            throw new ModelLoadException($"'{file}' holds a string that is no valid Unicode: {exception.Message}", file, exception);
        }
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> content) =>
        content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;
}
