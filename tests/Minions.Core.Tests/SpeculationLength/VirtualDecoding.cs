using Minions.Core.SpeculationLength;

namespace Minions.Core.Tests.SpeculationLength;

/// <summary>Decodes virtual texts in virtual time under a controller, one request after the other.</summary>
internal sealed class VirtualDecoding(ISpeculationLengthController controller, VirtualMachine machine)
{
    private const int Prompt = 50;

    private readonly SpeculationLimits _limits = new(0, 16);
    private readonly List<double> _secondsBefore = [];
    private int _rounds;
    private int _drafted;

    /// <summary>The planned length of each round, with the place in the text at which it began.</summary>
    public List<(int Position, int Length)> Lengths { get; } = [];

    public double Seconds { get; private set; }

    public int Tokens { get; private set; }

    /// <summary>Undisturbed seconds, by which ways to decode are compared.</summary>
    public double Goodput => Tokens / Seconds;

    /// <summary>The goodput from a place of the text on.</summary>
    public double GoodputFrom(int position)
    {
        int first = Lengths.FindIndex(round => round.Position >= position);
        return (Tokens - Lengths[first].Position) / (Seconds - _secondsBefore[first]);
    }

    public static double GoodputOf(int fixedLength, VirtualText text, VirtualMachine machine, int requestLength = 128) =>
        new VirtualDecoding(new FixedSpeculationLength(fixedLength), machine).Run(text, requestLength).Goodput;

    public static double BestFixed(VirtualText text, VirtualMachine machine, int requestLength = 128) =>
        Enumerable.Range(0, 17).Max(length => GoodputOf(length, text, machine, requestLength));

    /// <summary>Decodes a text as requests of some length.</summary>
    /// <returns>This, with what the text took alone.</returns>
    public VirtualDecoding Run(VirtualText text, int requestLength = 128)
    {
        (Seconds, Tokens) = (0, 0);
        Lengths.Clear();
        _secondsBefore.Clear();
        for (int start = 0; start < text.Length; start += requestLength)
            RunRequest(text, start, Math.Min(text.Length, start + requestLength));
        return this;
    }

    private void RunRequest(VirtualText text, int start, int end)
    {
        ISpeculationLengthPlanner planner = controller.OpenRequest(_limits);
        int position = start;
        ulong lastSet = 0;
        while (position < end)
        {
            int context = Prompt + position - start;
            ulong set = machine.DraftSet(_rounds);
            SpeculationPlan plan = planner.Plan(new RoundOutlook(context, end - position, 1, DraftSet: set));
            int planned = Math.Min(plan.Length, end - position - 1);
            Lengths.Add((position, planned));
            _secondsBefore.Add(Seconds);
            int proposed = Propose(text, position, planned, plan.MinimumConfidence);
            int chain = proposed == 0 ? 0 : planner.Shorten(new ChainOutlook(text.Probabilities.AsSpan(position, proposed), Ones(proposed)));
            int accepted = 0;
            while (accepted < chain && text.IsRight[position + accepted])
                accepted++;

            double drafting = proposed == 0 ? 0 : (proposed + machine.Start) * machine.Step;
            double verifying = machine.Run(chain + 1);
            double disturbance = machine.Disturbance(_rounds++);
            Seconds += drafting + verifying;
            if (planned > 0)
            {
                drafting *= machine.DraftDisturbance(_drafted++) * ((set & ~lastSet) != 0 ? machine.Newcomer : 1);
                lastSet = set;
            }

            planner.Observe(new RoundObservation(
                planned, chain, accepted, accepted + 1, Time(drafting * disturbance), Time(verifying * disturbance), chain + 1, 1, context, proposed));
            Tokens += accepted + 1;
            position += accepted + 1;
        }
    }

    private static int Propose(VirtualText text, int position, int length, float minimumConfidence)
    {
        float confidence = 1;
        for (int i = 0; i < length; i++)
        {
            float probability = text.Probabilities[position + i];
            confidence *= float.IsNaN(probability) ? 1 : probability;
            if (confidence < minimumConfidence)
                return i + 1;
        }

        return length;
    }

    private static ReadOnlySpan<float> Ones(int count) => Enumerable.Repeat(1f, count).ToArray();

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(seconds);
}
