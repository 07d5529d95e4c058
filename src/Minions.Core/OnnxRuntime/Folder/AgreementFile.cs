using Microsoft.Extensions.Logging;
using Minions.Core.Json;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>What lies beside a draft about how often its choices are the target's: <c>speculation.json</c>. It is an aid, so a bad one stops nothing.</summary>
internal static partial class AgreementFile
{
    public const string Name = "speculation.json";

    private const int Version = 1;

    /// <summary>Reads it.</summary>
    /// <param name="folder">The draft's folder.</param>
    /// <param name="logger">Receives a warning about a file that is not used.</param>
    /// <returns>The agreement by position; empty where there is no file, or none that can be used.</returns>
    public static IReadOnlyList<double> Read(string folder, ILogger logger)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return [];

        try
        {
            return JsonFile.Read(path, Agreement);
        }
        catch (ModelLoadException fault)
        {
            Ignored(logger, path, fault.Message);
            return [];
        }
    }

    private static double[] Agreement(JsonPart root)
    {
        int version = root.Required("version").Integer();
        if (version != Version)
            throw root.Required("version").Fault($"is {version}, but this version of the library reads {Version}");

        JsonPart list = root.Required("agreement");
        double[] agreement = [.. list.Items().Select(item => item.Number())];
        if (agreement.Length is 0 or > Generation.GenerationOptions.MaximumSpeculationLength || agreement.Any(value => value is not (> 0 and < 1)))
            throw list.Fault($"must hold 1 to {Generation.GenerationOptions.MaximumSpeculationLength} numbers between 0 and 1");

        return agreement;
    }

    [LoggerMessage(23, LogLevel.Warning, "'{Path}' is ignored: {Reason}")]
    private static partial void Ignored(ILogger logger, string path, string reason);
}
