using Minions.Benchmarks.Reporting;
using Minions.Core.Speculation.Goodput;

namespace Minions.Benchmarks.Replay;

/// <summary>What each number of the policy is worth: goodput's speed when it is half as large and twice as large.</summary>
internal sealed class TuningSweep(Recording recording, ReplayConditions conditions)
{
    /// <summary>Writes one line a number.</summary>
    public void Write(TextWriter output, IEnumerable<TuningNumber> numbers, CancellationToken cancellationToken)
    {
        double standard = LogSpeed(SpeculationTuning.Default);
        output.WriteLine($"{"number",-20}{"half",10}{"default",10}{"double",10}{"at half",12}{"at double",12}");
        foreach (TuningNumber number in numbers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ProgressLine.Milestone(number.Name);
            SpeculationTuning half = number.Scaled(0.5), twice = number.Scaled(2);
            output.WriteLine(
                $"{number.Name,-20}{number.Of(half),10:0.####}{number.Of(SpeculationTuning.Default),10:0.####}{number.Of(twice),10:0.####}{Relative(half),12:0.0000}{Relative(twice),12:0.0000}");
        }

        double Relative(SpeculationTuning tuning) => Math.Exp(LogSpeed(tuning) - standard);
    }

    // The mean over all drafts and each alone, on every kind of text and on all mixed.
    private double LogSpeed(SpeculationTuning tuning) => ReplayCell.Of(recording)
        .Select(cell => new ReplayCell(recording, cell.Drafts, conditions))
        .SelectMany(cell => cell.Columns.Select(column => Math.Log(cell.Run(ReplayRule.Tuned(tuning), column).TokensPerMillisecond)))
        .Average();
}
