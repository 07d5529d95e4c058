namespace Minions.Benchmarks.Replay;

/// <summary>Keeps a recording in a binary file.</summary>
internal static class RecordingFile
{
    private const string Mark = "Minions replay 3";

    /// <summary>Finds out whether a file can be written, leaving one that is there as it is.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void CheckWritable(string path)
    {
        bool isNew = !File.Exists(path);
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        if (isNew)
            File.Delete(path);
    }

    public static void Write(string path, Recording recording)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(Mark);
        writer.Write(recording.Models);
        WriteAll(writer, recording.Drafts, writer.Write);
        WriteAll(writer, recording.Costs.Runs, writer.Write);
        WriteAll(writer, recording.Costs.Steps, writer.Write);
        WriteAll(writer, recording.Costs.Starts, writer.Write);
        WriteAll(writer, [.. recording.Texts], text =>
        {
            writer.Write(text.Id);
            writer.Write(text.Domain);
            writer.Write(text.PromptLength);
            WriteAll(writer, text.Ids, writer.Write);
            WriteAll(writer, text.Proposals, draft => WriteAll(writer, draft, proposal =>
            {
                WriteAll(writer, proposal.Ids, writer.Write);
                WriteAll(writer, proposal.Probabilities, writer.Write);
            }));
        });
    }

    /// <exception cref="InvalidDataException">The file is no recording.</exception>
    public static Recording Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        try
        {
            if (reader.ReadString() != Mark)
                throw new InvalidDataException("This file is no recording of this version: name another, or have it recorded anew with --record, which overwrites it.");

            return new Recording(
                reader.ReadString(),
                ReadAll(reader, reader.ReadString),
                new RecordedCosts(ReadAll(reader, reader.ReadDouble), ReadAll(reader, reader.ReadDouble), ReadAll(reader, reader.ReadDouble)),
                ReadAll(reader, () => new RecordedText(
                    reader.ReadString(),
                    reader.ReadString(),
                    reader.ReadInt32(),
                    ReadAll(reader, reader.ReadInt32),
                    ReadAll(reader, () => ReadAll(reader, () => new RecordedProposal(ReadAll(reader, reader.ReadInt32), ReadAll(reader, reader.ReadSingle)))))));
        }
        catch (Exception fault) when (fault is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("This file is no recording, or cut short: name another, or have it recorded anew with --record, which overwrites it.", fault);
        }
    }

    private static void WriteAll<T>(BinaryWriter writer, T[] items, Action<T> write)
    {
        writer.Write(items.Length);
        foreach (T item in items)
            write(item);
    }

    private static T[] ReadAll<T>(BinaryReader reader, Func<T> read)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > 1 << 24)
            throw new FormatException("A length is out of range.");

        var items = new T[count];
        for (int i = 0; i < count; i++)
            items[i] = read();
        return items;
    }
}
