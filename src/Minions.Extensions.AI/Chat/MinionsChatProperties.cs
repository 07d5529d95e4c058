using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI;

/// <summary>
/// The keys that a <see cref="MinionsChatClient"/> knows in <see cref="ChatOptions.AdditionalProperties"/>, and those it sets in the properties of
/// responses. Another key that begins with <c>minions.</c> is refused; keys of others are left alone.
/// </summary>
public static class MinionsChatProperties
{
    /// <summary>A <see cref="bool"/>: whether drafts guess ahead (<see cref="Core.Generation.GenerationOptions.Speculate"/>).</summary>
    public const string Speculate = "minions.speculate";

    /// <summary>An <see cref="int"/>, 0 to 64: a fixed length (<see cref="Core.Generation.GenerationOptions.SpeculationLength"/>).</summary>
    public const string SpeculationLength = "minions.speculation_length";

    /// <summary>A <see cref="Core.Generation.DecodingMode"/> or its name (<see cref="Core.Generation.GenerationOptions.Mode"/>).</summary>
    public const string DecodingMode = "minions.decoding_mode";

    /// <summary>A <see cref="string"/>: what keeps callers' caches apart (<see cref="Core.Generation.GenerationOptions.CacheKey"/>).</summary>
    public const string CacheKey = "minions.cache_key";

    /// <summary>A <see cref="System.Text.Json.Nodes.JsonObject"/>: variables for the chat template of this request.</summary>
    public const string TemplateVariables = "minions.template_variables";

    /// <summary>In responses, a <see cref="string"/>: whether the text is that of the target alone, bit for bit (<see cref="Core.Verification.Exactness"/>); not available in <see cref="Core.Generation.DecodingMode.Fastest"/>.</summary>
    public const string Exactness = "minions.exactness";

    /// <summary>In responses, a <see cref="ulong"/> where ids were drawn: the seed (<see cref="Core.Generation.GenerationResult.Seed"/>).</summary>
    public const string Seed = "minions.seed";
}
