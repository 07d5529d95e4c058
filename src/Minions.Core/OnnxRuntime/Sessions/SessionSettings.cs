using System.Globalization;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>The settings of one session after code, <c>genai_config.json</c> and the library's own choices are laid over one another.</summary>
internal sealed record SessionSettings(
    int IntraOpThreads,
    int DeviceId,
    IReadOnlyDictionary<string, string> Entries,
    IReadOnlyDictionary<string, string> CudaOptions)
{
    private const string DeviceKey = "device_id";

    public static SessionSettings Resolve(SessionRequest request, ModelFolder folder, bool needsQuantPrecision)
    {
        // Two pools of spinning threads take the cores from each other: those of a session rest as soon as its run ends.
        var entries = new Dictionary<string, string>(StringComparer.Ordinal) { ["session.force_spinning_stop"] = "1" };
        if (needsQuantPrecision)
            entries["session.x64quantprecision"] = "1";
        Overlay(entries, folder.SessionEntries);
        Overlay(entries, request.Entries);

        var cuda = new Dictionary<string, string>(StringComparer.Ordinal);
        Overlay(cuda, folder.ProviderOptions.GetValueOrDefault("cuda") ?? new Dictionary<string, string>());

        // A captured graph replays one width at fixed addresses; runs here change both.
        cuda.Remove("enable_cuda_graph");
        cuda.TryAdd(DeviceKey, "0");
        if (request.DeviceId is { } device)
            cuda[DeviceKey] = device.ToString(CultureInfo.InvariantCulture);
        Overlay(cuda, request.ProviderOptions);

        if (!int.TryParse(cuda[DeviceKey], NumberStyles.None, CultureInfo.InvariantCulture, out int deviceId))
            throw new ModelLoadException($"The CUDA option '{DeviceKey}' must be a whole number from 0 but is '{cuda[DeviceKey]}'.", folder.Path);

        return new SessionSettings(request.IntraOpThreads ?? folder.IntraOpThreads ?? request.DefaultIntraOpThreads, deviceId, entries, cuda);
    }

    private static void Overlay(Dictionary<string, string> under, IReadOnlyDictionary<string, string> over)
    {
        foreach ((string key, string value) in over)
            under[key] = value;
    }
}
