using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>What distinguishes one synthetic decoder from another.</summary>
internal sealed record SyntheticOptions
{
    public const int Heads = 2;

    /// <summary>The smallest that GroupQueryAttention turns (rotary positions) on the CPU.</summary>
    public const int HeadSize = 16;
    public const int Hidden = Heads * HeadSize;
    public const int Vocabulary = 32;

    public int Layers { get; init; } = 2;

    public int ContextLength { get; init; } = 64;

    /// <summary>GroupQueryAttention with packed QKV and a mask, as GenAI writes it, in place of attention made of MatMul and Softmax.</summary>
    public bool GroupQuery { get; init; }

    /// <summary>With <see cref="GroupQuery"/>: positions as an input of the graph and of the operator.</summary>
    public bool ExplicitPositions { get; init; }

    /// <summary>With <see cref="GroupQuery"/>: the rows that every other layer sees, beginning with the first; 0 for all.</summary>
    public long Window { get; init; }

    /// <summary>With <see cref="Window"/>: the operator is asked to keep no more than these in the cache.</summary>
    public bool SlidingCache { get; init; }

    /// <summary>
    /// Every other layer, beginning with the second, has one KV head of another size; in attention made of MatMul and Softmax its keys and its values
    /// have different sizes as well.
    /// </summary>
    public bool UnevenLayers { get; init; }

    /// <summary>With <see cref="GroupQuery"/>: texts of more ids than these take other rotary factors, chosen by an If on the total length; 0 for no such.</summary>
    public int LongestShortText { get; init; }

    /// <summary>The positions that rotary tables have; 0 for as many as the context.</summary>
    public int RotaryPositions { get; init; }

    public bool Int32Ids { get; init; }

    public bool HalfCache { get; init; }

    /// <summary>The type of logits, of <see cref="OnnxElement"/>.</summary>
    public int LogitsElement { get; init; } = OnnxElement.Float;

    /// <summary>The name of the output with the logits; another than "logits" makes a graph that is no decoder.</summary>
    public string LogitsName { get; init; } = "logits";

    /// <summary>Logits of the last row only, with a fixed length of 1.</summary>
    public bool LastRowOnly { get; init; }

    /// <summary>A projection with one activation scale for all rows: DynamicQuantizeLinear and MatMulInteger.</summary>
    public bool DynamicQuantization { get; init; }
}
