using Minions.Core;
using Minions.Core.Drafting.Ngram;
using Minions.Core.SpeculationLength;
using Minions.Core.Voting;

namespace Minions.Benchmarks.Replay;

/// <summary>Decodes recorded texts under a controller, one request after the other, in virtual time.</summary>
internal sealed class ReplayRun(ISpeculationLengthController controller, ReplayMachine machine, int[] drafts)
{
    // As in bit-identical mode: plain decoding runs a second row, for a guess by the answer so far; the first id of a chain takes it over.
    private const int LeastRows = 2;

    private readonly WeightPrior _prior = new(drafts.Length);
    private readonly SharedHitRates _guesses = new(FillerGuess.PriorStrength);
    private readonly SpeculationLimits _limits = new(0, Recording.ProposalLength);

    /// <summary>Undisturbed milliseconds.</summary>
    public double Milliseconds { get; private set; }

    public int Tokens { get; private set; }

    public int Rounds { get; private set; }

    public double TokensPerMillisecond => Tokens / Milliseconds;

    public double TokensPerRound => (double)Tokens / Rounds;

    /// <summary>How far the drafts went in each round, and where in its text the round began.</summary>
    public List<(int Place, int Length)> Lengths { get; } = [];

    /// <summary>Decodes.</summary>
    /// <returns>This, with the counters of these texts alone.</returns>
    public ReplayRun Decode(IEnumerable<RecordedText> texts)
    {
        (Milliseconds, Tokens, Rounds) = (0, 0, 0);
        Lengths.Clear();
        foreach (RecordedText text in texts)
            Decode(text);
        return this;
    }

    private void Decode(RecordedText text)
    {
        ISpeculationLengthPlanner planner = controller.OpenRequest(_limits);
        var panel = new ReplayedPanel(text, drafts, _prior);
        var filler = new FillerGuess(text.Ids.Length, _guesses);
        int place = 1;
        while (place < text.Ids.Length)
        {
            int remaining = text.Ids.Length - place;
            int context = text.PromptLength + place;
            filler.Guess(text.Ids.AsSpan(0, place));
            double plainTokens = 1 + (remaining > 1 ? filler.Probability : 0);
            SpeculationPlan plan = planner.Plan(new RoundOutlook(context, remaining, drafts.Length, LeastRows: LeastRows, PlainTokens: plainTokens));
            plan = plan with { Length = Math.Min(plan.Length, remaining - 1) };
            (int proposed, int chain) = plan.Length == 0 ? (0, 0) : panel.Propose(place - 1, plan);
            if (chain > 0)
                chain = planner.Shorten(panel.Evidence(chain));

            int accepted = panel.Chain[..chain].CommonPrefixLength(text.Ids.AsSpan(place));
            int guessed = plan.Length == 0 && remaining > 1 && filler.Id == text.Ids[place] ? 1 : 0;
            int committed = accepted + guessed + 1;
            filler.Observe(text.Ids[place]);
            double drafting = machine.Drafting(drafts.Length, proposed);
            double verifying = machine.Run(chain + 1);
            double disturbance = machine.NextDisturbance();
            if (plan.Length > 0)
                panel.Learn(chain, accepted, text.Ids.AsSpan(place, accepted + 1));
            planner.Observe(new RoundObservation(
                plan.Length, chain, accepted, committed, Time(drafting * disturbance), Time(verifying * disturbance), Math.Max(LeastRows, chain + 1), 1, context, proposed));

            Lengths.Add((place, proposed));
            Milliseconds += drafting + verifying;
            Tokens += committed;
            Rounds++;
            place += committed;
        }

        panel.Publish();
        filler.Publish();
    }

    private static TimeSpan Time(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
