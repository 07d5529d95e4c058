using System.Globalization;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The inputs and outputs of a slot graph: each slot has its own KV cache (the original names behind <see cref="Prefix"/>) and lengths.
/// </summary>
internal static class SlotNames
{
    /// <summary>The rows of each slot, int64 of one element a slot; only in graphs of two slots or more.</summary>
    public const string Lengths = "slot_lengths";

    /// <summary>The rows whose logits are computed, counted through all slots: int64; only where the head is understood.</summary>
    public const string Rows = "slot_rows";

    /// <summary>The length of the slot's text after the run, minus one: int32 of one element.</summary>
    public static string SeqLens(int slot) => Prefix(slot) + "seqlens_k";

    /// <summary>The length of the slot's text after the run: int32 of one element.</summary>
    public static string Total(int slot) => Prefix(slot) + "total_sequence_length";

    /// <summary>What stands before the original name of a past or present tensor.</summary>
    public static string Prefix(int slot) => string.Create(CultureInfo.InvariantCulture, $"slot{slot}.");
}
