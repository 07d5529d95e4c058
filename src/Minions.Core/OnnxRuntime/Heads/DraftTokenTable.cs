using System.Buffers.Binary;
using System.Text.Json;
using Minions.Core.Files;
using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>
/// Which token each column of a head of a reduced vocabulary stands for. Checkpoints of EAGLE-3 keep it beside the graph, as <c>d2t</c>: for each column
/// what has to be added to its number. Read from a JSON list, or out of a checkpoint's <c>.safetensors</c>.
/// </summary>
internal static class DraftTokenTable
{
    private const string UsualFile = "d2t.json";
    private const string Tensor = "d2t";

    // The header of a safetensors file is JSON of this length at most, by the format's own reader.
    private const long LongestHeader = 100_000_000;

    /// <summary>Finds the table of a folder.</summary>
    /// <param name="folder">The head's folder.</param>
    /// <param name="named">The file that holds it, relative to the folder, or <see langword="null"/> for the usual one, if it is there.</param>
    /// <returns>For each column its token, or <see langword="null"/> where there is no table.</returns>
    /// <exception cref="ModelLoadException">The table cannot be read, or gives a column no token of its own.</exception>
    public static IReadOnlyList<int>? Find(string folder, string? named)
    {
        string file = Path.GetFullPath(Path.Combine(folder, named ?? UsualFile));
        if (named is null && !PathFault.IsTaken(file))
            return null;

        long[] offsets = file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? ReadTensor(file) : ReadList(file);
        int[] tokens = new int[offsets.Length];
        var seen = new HashSet<int>();
        for (int column = 0; column < tokens.Length; column++)
        {
            long token = column + offsets[column];
            if (token is < 0 or > int.MaxValue)
                throw Fault(file, $"column {column} would stand for token {token}");
            if (!seen.Add(tokens[column] = (int)token))
                throw Fault(file, $"column {column} would stand for token {token}, as another one does");
        }

        return tokens;
    }

    private static long[] ReadList(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(JsonFile.ReadBytes(file), DraftTokenJson.Default.Int64Array) ?? throw Fault(file, "it holds null");
        }
        catch (JsonException broken)
        {
            throw Fault(file, $"it is no JSON list of whole numbers (line {broken.LineNumber + 1})", broken);
        }
    }

    private static long[] ReadTensor(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            Span<byte> number = stackalloc byte[sizeof(long)];
            stream.ReadExactly(number);
            long header = BinaryPrimitives.ReadInt64LittleEndian(number);
            if (header is <= 0 or > LongestHeader)
                throw Fault(file, "it is no safetensors file");

            byte[] json = new byte[header];
            stream.ReadExactly(json);
            (long begin, int count) = JsonFile.Read(file, json, root => Place(file, root));
            stream.Seek(sizeof(long) + header + begin, SeekOrigin.Begin);
            byte[] content = new byte[count * sizeof(long)];
            stream.ReadExactly(content);
            return [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(i * sizeof(long))))];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Fault(file, unreadable is EndOfStreamException ? "it is truncated" : unreadable.Message, unreadable);
        }
    }

    private static (long Begin, int Count) Place(string file, JsonPart root)
    {
        JsonPart tensor = root.Optional(Tensor) ?? throw Fault(file, $"it has no tensor '{Tensor}'");
        int[] ends = [.. tensor.Required("data_offsets").Items().Select(end => end.Integer())];
        if (tensor.Text("dtype") != "I64" || ends is not [var begin, var end] || begin < 0 || end < begin || (end - begin) % sizeof(long) != 0)
            throw Fault(file, $"its tensor '{Tensor}' is no list of int64");
        return (begin, (end - begin) / sizeof(long));
    }

    private static ModelLoadException Fault(string file, string what, Exception? cause = null) =>
        new($"The table of tokens '{file}' cannot be used: {what}. Take the one of the head's own checkpoint.", file, cause);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(long[]))]
internal sealed partial class DraftTokenJson : System.Text.Json.Serialization.JsonSerializerContext;
