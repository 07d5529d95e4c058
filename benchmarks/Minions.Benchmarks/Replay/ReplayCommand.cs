using Minions.Benchmarks.Reporting;
using Minions.Core.Drafting;

namespace Minions.Benchmarks.Replay;

/// <summary>Compares rules over recorded rounds in virtual time, so that no noise of this machine decides.</summary>
internal sealed class ReplayCommand(ReplaySettings settings)
{
    private const double LeastShareOfDomain = 0.95;
    private const double LeastShareOfMix = 1;
    private const double LeastShareOfStatic = 0.97;
    private const double LeastOfPlain = 0.97;
    private const double LeastOfPerfect = 0.95;

    private bool _missed;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Recording recording = await RecordedAsync(cancellationToken);
        recording = recording with { Costs = Given(recording.Costs, recording.Drafts.Length) };
        ProgressLine.Clear();
        Console.WriteLine($"{recording.Models}: {recording.Texts.Count} answers, {recording.Texts.Sum(text => text.Ids.Length)} tokens{(settings.Conditions.IsNoisy ? ", disturbed times" : "")}; speeds are multiples of fixed 0");
        Console.WriteLine($"target run by rows, ms: {string.Join(' ', recording.Costs.Runs.Select(time => $"{time:0.00}"))}");
        Console.WriteLine($"drafts: {string.Join(", ", recording.Drafts.Select((draft, i) => $"{i + 1} {draft}"))}");
        Console.WriteLine($"step by drafts, ms: {BySet(recording.Costs.Steps)}");
        Console.WriteLine($"the first step beyond that, ms: {BySet(recording.Costs.Starts)}");
        if (settings.TellsAgreement)
        {
            RecordedAgreement.Write(Console.Out, recording);
            return ExitCode.Success;
        }

        if (settings.Sweep is { } numbers)
        {
            Console.WriteLine("\ngoodput relative to the default: mean over all drafts and each alone, on each kind of text and on all mixed");
            new TuningSweep(recording, settings.Conditions).Write(Console.Out, numbers, cancellationToken);
            return ExitCode.Success;
        }

        foreach ((string title, int[] drafts) in ReplayCell.Of(recording))
            Compare(title, recording, drafts);
        Scenarios(recording, [.. Enumerable.Range(0, recording.Drafts.Length)]);
        return _missed ? ExitCode.BoundMissed : ExitCode.Success;
    }

    private RecordedCosts Given(RecordedCosts recorded, int drafts) => new(
        settings.RunTimes ?? recorded.Runs,
        settings.StepTimes is { } steps ? RecordedCosts.ByCount(steps, drafts) : recorded.Steps,
        settings.StartTimes is { } starts ? RecordedCosts.ByCount(starts, drafts) : recorded.Starts);

    private static string BySet(double[] times) => string.Join(", ", times.Select((time, i) => $"{StaticChoice.Name(new DraftSet((ulong)i + 1))}: {time:0.00}"));

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
        var table = new ReplayTable(recording, drafts, settings.Conditions);
        Console.WriteLine($"\n{title}");
        table.Write(Console.Out);
        Hold("the worst domain's share of the best fixed length", table.WorstShareOfFixed, LeastShareOfDomain);
        Hold("the mix's share of the best fixed length", table.ShareOfFixed(), LeastShareOfMix);
        if (table.HasStaticChoice)
            Hold("the mix's share of the best static set of drafts and length", table.ShareOfStatic(), LeastShareOfStatic);
    }

    private void Scenarios(Recording recording, int[] drafts)
    {
        Console.WriteLine("\nscenarios, all drafts, mixed");
        Hold("useless drafts: goodput against plain", Table(ReplayScenarios.Useless(recording)).Goodput(), LeastOfPlain);
        Hold("slow drafts: goodput against plain", Table(ReplayScenarios.Slow(recording)).Goodput(), LeastOfPlain);
        ReplayTable perfect = Table(ReplayScenarios.Perfect(recording));
        if (perfect.HasStaticChoice)
            Hold("perfect drafts: share of the best static set of drafts and length", perfect.ShareOfStatic(), LeastOfPerfect);
        else
            Hold("perfect drafts: share of the best fixed length", perfect.ShareOfFixed(), LeastOfPerfect);

        Recording recovery = ReplayScenarios.Recovery(recording);
        int third = recovery.Texts[0].Ids.Length / 3;
        ReplayRun run = new ReplayRun(ReplayRule.Goodput, new ReplayMachine(recovery.Costs, drafts, settings.Conditions.IsNoisy), drafts).Decode(recovery.Texts);
        Console.WriteLine($"recovery: {RoundsUntil(run, third, length => length >= 6)} rounds until drafts go 6 ids or further when the text turns predictable, {RoundsUntil(run, 2 * third, length => length <= 2)} until 2 or less when it turns back");

        ReplayTable Table(Recording bent) => new(bent, drafts, settings.Conditions);
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
