using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Replay;

/// <summary>What to replay.</summary>
/// <param name="Set">The models.</param>
/// <param name="File">Where the recording is kept.</param>
/// <param name="RecordsAgain">Whether to record even if the file exists.</param>
/// <param name="MaxTokens">Most ids of an answer, when recording.</param>
/// <param name="LimitPerDomain">Most prompts of a domain, when recording.</param>
/// <param name="Sampling">How the target chooses its ids, when recording.</param>
/// <param name="WarmUp">Requests that a controller sees before those that count.</param>
/// <param name="RunTimes">Times of target runs in place of the recorded ones.</param>
/// <param name="StepTimes">Times of drafts' steps in place of the recorded ones.</param>
/// <param name="StartTimes">Times of beginning to draft in place of the recorded ones.</param>
/// <param name="IsNoisy">Whether controllers see disturbed times.</param>
internal sealed record ReplaySettings(
    RepositoryModels Set,
    string File,
    bool RecordsAgain,
    int MaxTokens,
    int LimitPerDomain,
    SamplingOptions Sampling,
    int WarmUp,
    double[]? RunTimes,
    double[]? StepTimes,
    double[]? StartTimes,
    bool IsNoisy);

/// <summary>Compares length rules over recorded rounds in virtual time, so that no noise of this machine decides.</summary>
internal sealed class ReplayCommand(ReplaySettings settings)
{
    private const double LeastShareOfDomain = 0.95;
    private const double LeastShareOfMix = 1;
    private const double LeastOfPlain = 0.97;
    private const double LeastOfPerfect = 0.95;

    private bool _missed;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Recording recording = await RecordedAsync(cancellationToken);
        recording = recording with { Costs = Given(recording.Costs) };
        ProgressLine.Clear();
        Console.WriteLine($"{recording.Models}: {recording.Texts.Count} answers, {recording.Texts.Sum(text => text.Ids.Length)} tokens{(settings.IsNoisy ? ", disturbed times" : "")}; speeds are multiples of fixed 0");
        Console.WriteLine($"target run by rows, ms: {string.Join(' ', recording.Costs.Runs.Select(time => $"{time:0.00}"))}");
        Console.WriteLine($"step of 1..{recording.Costs.Steps.Length} drafts, ms: {string.Join(' ', recording.Costs.Steps.Select(time => $"{time:0.00}"))}");
        Console.WriteLine($"the first step beyond that, ms: {string.Join(' ', recording.Costs.Starts.Select(time => $"{time:0.00}"))}");

        int[] all = [.. Enumerable.Range(0, recording.Drafts.Length)];
        Compare("all drafts, majority vote", recording, all);
        for (int i = 0; i < all.Length && all.Length > 1; i++)
            Compare($"{recording.Drafts[i]} alone", recording, [i]);
        Scenarios(recording, all);
        return _missed ? ExitCode.BoundMissed : ExitCode.Success;
    }

    private RecordedCosts Given(RecordedCosts recorded) =>
        new(settings.RunTimes ?? recorded.Runs, settings.StepTimes ?? recorded.Steps, settings.StartTimes ?? recorded.Starts);

    private async Task<Recording> RecordedAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(settings.File) && !settings.RecordsAgain)
                return RecordingFile.Read(settings.File);

            // Recording takes minutes: whether it can be kept is found out before.
            RecordingFile.CheckWritable(settings.File);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BadInputException($"--file {settings.File}: {fault.Message}", fault);
        }

        Recording recording = await new Recorder(settings.Set, settings.MaxTokens, settings.LimitPerDomain, settings.Sampling).RecordAsync(cancellationToken);
        RecordingFile.Write(settings.File, recording);
        return recording;
    }

    private void Compare(string title, Recording recording, int[] drafts)
    {
        var table = new ReplayTable(recording, drafts, settings.IsNoisy, settings.WarmUp);
        Console.WriteLine($"\n{title}");
        table.Write(Console.Out);
        Hold("the worst domain's share of the best fixed length", table.WorstShare, LeastShareOfDomain);
        Hold("the mix's share of the best fixed length", table.MixedShare, LeastShareOfMix);
    }

    private void Scenarios(Recording recording, int[] drafts)
    {
        Console.WriteLine("\nscenarios, all drafts, mixed");
        Hold("useless drafts: goodput against plain", Goodput(ReplayScenarios.Useless(recording)), LeastOfPlain);
        Hold("slow drafts: goodput against plain", Goodput(ReplayScenarios.Slow(recording)), LeastOfPlain);
        Hold("perfect drafts: share of the best fixed length", Table(ReplayScenarios.Perfect(recording)).MixedShare, LeastOfPerfect);

        Recording recovery = ReplayScenarios.Recovery(recording);
        int third = recovery.Texts[0].Ids.Length / 3;
        ReplayRun run = new ReplayRun(ReplayRule.Goodput, new ReplayMachine(recovery.Costs, settings.IsNoisy), drafts).Decode(recovery.Texts);
        Console.WriteLine($"recovery: {RoundsUntil(run, third, length => length >= 6)} rounds until drafts go 6 ids or further when the text turns predictable, {RoundsUntil(run, 2 * third, length => length <= 2)} until 2 or less when it turns back");

        double Goodput(Recording bent) => Table(bent).Speed(ReplayRule.Goodput);

        ReplayTable Table(Recording bent) => new(bent, drafts, settings.IsNoisy, settings.WarmUp);
    }

    private static string RoundsUntil(ReplayRun run, int place, Predicate<int> follows)
    {
        int change = run.Lengths.FindIndex(round => round.Place > place);
        for (int i = change; i + 2 < run.Lengths.Count; i++)
        {
            if (follows(run.Lengths[i].Length) && follows(run.Lengths[i + 1].Length) && follows(run.Lengths[i + 2].Length))
                return $"{i - change}";
        }

        return "never";
    }

    private void Hold(string what, double value, double bound)
    {
        bool holds = value >= bound;
        _missed |= !holds;
        Console.WriteLine($"{what}: {value:0.000}, bound {bound:0.00}{(holds ? "" : ": MISSED")}");
    }
}
