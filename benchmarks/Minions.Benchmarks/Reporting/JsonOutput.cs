namespace Minions.Benchmarks.Reporting;

/// <summary>Where <c>--json</c> writes: a file, or standard output for <c>-</c>.</summary>
internal static class JsonOutput
{
    /// <summary>Finds what can be told before anything is measured.</summary>
    /// <param name="file">What was typed, or <see langword="null"/>.</param>
    /// <exception cref="BadInputException">There is no folder for the file.</exception>
    public static void Check(string? file)
    {
        if (file is not (null or "-") && (Directory.Exists(file) || Path.GetDirectoryName(Path.GetFullPath(file)) is not { } folder || !Directory.Exists(folder)))
            throw new BadInputException($"--json {file}: there is no folder to write this file into.");
    }

    /// <summary>The writer for people's tables: standard output, unless the figures go there.</summary>
    public static TextWriter Tables(string? file) => file == "-" ? Console.Error : Console.Out;

    /// <summary>Writes the figures.</summary>
    /// <param name="file">What was typed.</param>
    /// <param name="json">The figures.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static async Task WriteAsync(string file, string json, CancellationToken cancellationToken)
    {
        if (file == "-")
        {
            Console.Out.WriteLine(json);
            return;
        }

        try
        {
            await File.WriteAllTextAsync(file, json + "\n", cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--json {file}: the file cannot be written: {fault.Message}", fault);
        }
    }
}
