namespace Minions.Core.GenAI.Loading;

/// <summary>What options say that cannot be meant, beside the bounds that their attributes state.</summary>
internal static class OptionFaults
{
    // Members of session_options that are no entries: GenAI reads numbers and flags here, or the library has an option of its own.
    private static readonly Dictionary<string, string> NoEntries = new(StringComparer.Ordinal)
    {
        ["intra_op_num_threads"] = $"use {nameof(GenAIModelOptions.IntraOpThreads)}",
        ["provider_options"] = $"use {nameof(GenAIModelOptions.Provider)} and {nameof(GenAIModelOptions.ProviderOptions)}",
        ["custom_ops_library"] = "native code is loaded by the application alone",
        ["inter_op_num_threads"] = InFolder,
        ["log_id"] = InFolder,
        ["log_severity_level"] = InFolder,
        ["log_verbosity_level"] = InFolder,
        ["enable_profiling"] = InFolder,
        ["enable_cpu_mem_arena"] = InFolder,
        ["enable_mem_pattern"] = InFolder,
        ["graph_optimization_level"] = InFolder,
    };

    private const string InFolder = $"set it in '{GenAIConfiguration.FileName}'";

    /// <returns>The member and what is wrong with it, for each fault.</returns>
    public static IEnumerable<(string Member, string Fault)> Find(GenAIModelOptions options)
    {
        if (options.Provider is null && options.ProviderOptions.Count > 0)
            yield return (nameof(options.ProviderOptions), $"given without a {nameof(options.Provider)}: name the provider they are for.");
        foreach (string key in options.SessionEntries.Keys)
        {
            if (NoEntries.TryGetValue(key, out string? instead))
                yield return (nameof(options.SessionEntries), $"'{key}' is no session configuration entry: {instead}.");
        }

        foreach ((string adapter, string file) in options.Adapters)
        {
            if (!File.Exists(file))
                yield return (nameof(options.Adapters), $"'{adapter}' has no file '{file}'.");
        }
    }
}
