namespace Minions.Core.Sampling;

/// <summary>How likely a model holds an id, in the softmax of its logits as they are.</summary>
internal static class RowProbability
{
    /// <summary>The probability of an id; 0 where the logits do not give one.</summary>
    public static float Of(int id, ReadOnlySpan<float> logits)
    {
        SelectionScratch scratch = SelectionScratch.Take();
        LogitsRow row = LogitsRow.Scan(logits, scratch.Peaks(LogitsRow.PeaksOf(logits.Length)));
        float probability = 0;
        if (float.IsFinite(row.Maximum) && (uint)id < (uint)logits.Length)
        {
            var weight = new SoftmaxWeight(row.Maximum, Temperature: 1);
            probability = weight.Share(logits[id], RowMeasure.MassOf(row, weight, RowCut.None));
        }

        scratch.GiveBack();
        return probability;
    }
}
