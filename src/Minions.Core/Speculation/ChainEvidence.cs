using Minions.Core.Drafting;

namespace Minions.Core.Speculation;

/// <summary>Gathers what a round's proposals say about the chain that was chosen of them. One for each stage, reused.</summary>
internal sealed class ChainEvidence
{
    private readonly float[] _probabilities = new float[Generation.GenerationOptions.MaximumSpeculationLength];
    private readonly float[] _support = new float[Generation.GenerationOptions.MaximumSpeculationLength];

    /// <summary>Gathers. What is returned is valid until the next call.</summary>
    /// <param name="proposals">One a draft, empty where it did not run.</param>
    /// <param name="weights">One a draft.</param>
    /// <param name="agreement">For each draft, how many ids of the chain its proposal begins with.</param>
    /// <param name="length">The length of the voted chain.</param>
    /// <param name="extender">The draft that went on behind it, or -1.</param>
    /// <param name="extension">What it added.</param>
    public ChainOutlook Gather(
        ReadOnlySpan<Proposal> proposals, ReadOnlySpan<double> weights, ReadOnlySpan<int> agreement, int length, int extender, Proposal extension)
    {
        double all = 0;
        for (int i = 0; i < proposals.Length; i++)
            all += proposals[i].Count > 0 ? weights[i] : 0;

        for (int position = 0; position < length; position++)
        {
            double agreeing = 0, telling = 0, sum = 0;
            for (int i = 0; i < proposals.Length; i++)
            {
                if (agreement[i] <= position)
                    continue;

                agreeing += weights[i];
                float probability = proposals[i].Probabilities[position];
                if (!float.IsNaN(probability))
                    (telling, sum) = (telling + weights[i], sum + weights[i] * probability);
            }

            _support[position] = (float)(agreeing / all);
            _probabilities[position] = telling > 0 ? (float)(sum / telling) : float.NaN;
        }

        if (extender < 0)
            return new ChainOutlook(_probabilities.AsSpan(0, length), _support.AsSpan(0, length));

        all += proposals[extender].Count > 0 ? 0 : weights[extender];
        extension.Probabilities.CopyTo(_probabilities.AsSpan(length));
        _support.AsSpan(length, extension.Count).Fill((float)(weights[extender] / all));
        return new ChainOutlook(_probabilities.AsSpan(0, length + extension.Count), _support.AsSpan(0, length + extension.Count));
    }
}
