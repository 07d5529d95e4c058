using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Minions.Core.GenAI.Loading;

/// <summary>Lays options over a folder's own configuration.</summary>
internal static class SessionOverlay
{
    /// <summary>Changes what GenAI read of a folder.</summary>
    /// <param name="config">What it read.</param>
    /// <param name="folder">What the folder says.</param>
    /// <param name="options">What the application says.</param>
    /// <param name="defaultThreads">The threads where neither says.</param>
    public static void Apply(Config config, GenAIConfiguration folder, GenAIModelOptions options, int defaultThreads)
    {
        config.Overlay(ToJson(folder, options, defaultThreads).ToJsonString());
        if (options.Provider is not { } provider)
            return;

        config.ClearProviders();
        if (!provider.Equals("cpu", StringComparison.OrdinalIgnoreCase))
            config.AppendProvider(provider);
        foreach ((string key, string value) in options.ProviderOptions)
            config.SetProviderOption(provider, key, value);
    }

    internal static JsonObject ToJson(GenAIConfiguration folder, GenAIModelOptions options, int defaultThreads)
    {
        // Two pools of spinning threads take the cores from each other: those of a session rest as soon as its run ends.
        var session = new JsonObject { ["session.force_spinning_stop"] = "1" };
        foreach ((string key, string value) in options.SessionEntries)
            session[key] = value;
        session["intra_op_num_threads"] = options.IntraOpThreads ?? folder.IntraOpThreads ?? defaultThreads;
        var decoder = new JsonObject { ["session_options"] = session };

        // A cache that keeps the window alone has forgotten what a rejected guess overwrote; with room for a whole text it forgets nothing, and the
        // graph's own mask keeps the window.
        if (folder.SlidingWindow is { } window)
        {
            // The object replaces what was read, so it has to be whole.
            JsonObject roomy = JsonNode.Parse(window, documentOptions: GenAIConfiguration.Tolerant)!.AsObject();
            roomy["cache_slack"] = folder.ContextLength;
            decoder["sliding_window"] = roomy;
        }


        // Texts are not padded here, and where a run's rows were all of that id GenAI would look for a last row before the first.
        return new JsonObject { ["model"] = new JsonObject { ["pad_token_id"] = -1, ["decoder"] = decoder } };
    }
}
