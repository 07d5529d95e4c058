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
    private const string CapturedGraphKey = "enable_cuda_graph";

    // Addresses in a process, which a file cannot know.
    private static readonly string[] AddressKeys =
        ["user_compute_stream", "has_user_compute_stream", "gpu_external_alloc", "gpu_external_free", "gpu_external_empty_cache"];

    /// <summary>The names of CUDA options of the folder that would have an effect and are not used; <see langword="null"/> for none.</summary>
    public string? Ignored { get; private init; }

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
        List<string> ignored = [.. AddressKeys.Where(cuda.Remove)];
        if (cuda.Remove(CapturedGraphKey, out string? captured) && IsOn(captured))
            ignored.Add(CapturedGraphKey);
        if (request.ProviderOptions.TryGetValue(CapturedGraphKey, out captured) && IsOn(captured))
        {
            throw new ModelLoadException(
                $"The CUDA option '{CapturedGraphKey}' cannot be used: a captured graph replays one number of rows at fixed addresses, and runs here change both. Remove it from the provider options.",
                folder.Path);
        }

        cuda.TryAdd(DeviceKey, "0");
        if (request.DeviceId is { } device)
            cuda[DeviceKey] = device.ToString(CultureInfo.InvariantCulture);
        Overlay(cuda, request.ProviderOptions);

        if (!int.TryParse(cuda[DeviceKey], NumberStyles.None, CultureInfo.InvariantCulture, out int deviceId))
            throw new ModelLoadException($"The CUDA option '{DeviceKey}' must be a whole number from 0 but is '{cuda[DeviceKey]}'.", folder.Path);

        return new SessionSettings(request.IntraOpThreads ?? folder.IntraOpThreads ?? request.DefaultIntraOpThreads, deviceId, entries, cuda) { Ignored = ignored.Count > 0 ? string.Join(", ", ignored) : null };
    }

    private static bool IsOn(string value) => value is not ("0" or "") && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static void Overlay(Dictionary<string, string> under, IReadOnlyDictionary<string, string> over)
    {
        foreach ((string key, string value) in over)
            under[key] = value;
    }
}
