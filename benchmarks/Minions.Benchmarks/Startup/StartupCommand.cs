using System.Globalization;
using Minions.Benchmarks.Reporting;

namespace Minions.Benchmarks.Startup;

/// <summary>How long programs take from their start to their first output and to their end, one after another in every repetition.</summary>
internal sealed class StartupCommand(IReadOnlyList<string> programs, IReadOnlyList<string> arguments, int repeat)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        List<StartedProgram>[] runs = [.. programs.Select(_ => new List<StartedProgram>(repeat))];

        // The first round fills the system's cache of files, and does not count.
        for (int round = 0; round <= repeat; round++)
        {
            ProgressLine.Show($"Round {round} of {repeat}");
            for (int i = 0; i < programs.Count; i++)
            {
                StartedProgram run = await StartedProgram.RunAsync(programs[i], arguments, cancellationToken);
                if (round > 0)
                    runs[i].Add(run);
            }
        }

        ProgressLine.Clear();
        Console.WriteLine($"{repeat} starts each; medians, with least and most; speed: the first program's time over that of the program, round by round");
        for (int i = 0; i < programs.Count; i++)
        {
            Console.WriteLine($"{programs[i]}: {new FileInfo(programs[i]).Length / 1e6:F1} MB");
            Report("first output", i, run => run.FirstMilliseconds);
            Report("end", i, run => run.EndMilliseconds);
        }

        string[] texts = [.. runs.SelectMany(of => of).Select(run => run.Output).Distinct(StringComparer.Ordinal)];
        Console.WriteLine(texts.Length == 1 ? "All wrote the same." : $"{texts.Length} different texts were written.");
        return texts.Length == 1 ? ExitCode.Success : ExitCode.BoundMissed;

        void Report(string what, int program, Func<StartedProgram, double> time)
        {
            Spread own = Spread.Of(runs[program].Select(time));
            Spread speed = Spread.OfRatios(runs[0].Select(time), runs[program].Select(time));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {what,-12} {own.Median,8:F1} ms ({own.Minimum:F1} to {own.Maximum:F1})   speed {speed.Median:F2} ({speed.Minimum:F2} to {speed.Maximum:F2})"));
        }
    }
}
