namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>What arms of GenAI need, and what they cannot do.</summary>
/// <param name="hasNatives">Whether GenAI's native library is there.</param>
internal sealed class GenAIArmRules(bool hasNatives)
{
    private const string ConfigurationFile = "genai_config.json";

    /// <summary>Finds what can be told before a model is loaded.</summary>
    /// <exception cref="BadInputException">An arm cannot run.</exception>
    public void Check(IReadOnlyList<Arm> arms, EndToEndArguments arguments)
    {
        foreach (Arm arm in arms.Where(arm => arm.RunsGenAI))
        {
            if (FindFault(arm, arguments) is { } fault)
                throw new BadInputException($"--arms: '{arm.Name}' {fault}.");
        }
    }

    private string? FindFault(Arm arm, EndToEndArguments arguments)
    {
        if (!hasNatives)
            return "needs ONNX Runtime GenAI, whose native library this build lacks: build without -p:MinionsNative=Cuda, or with -p:MinionsGenAI=Cuda as well";
        if (!HasConfiguration(arguments.TargetFolder))
            return $"needs a target that GenAI can load: there is no {ConfigurationFile} in '{arguments.TargetFolder}'";
        return arm.GenAI is { } decoding ? FindFault(decoding, arguments) : FindFaultOfPipeline(arm, arguments);
    }

    private static string? FindFault(GenAIDecoding decoding, EndToEndArguments arguments)
    {
        if (arguments.Temperature > 0)
            return "decodes greedily: GenAI draws ids by a sampler of its own, so texts and lengths could not be compared. Leave --temperature at 0";
        if (arguments.Concurrency > 1)
            return "answers one request at a time. Leave --concurrency at 1";
        if (decoding.Draft is not { } draft)
            return null;
        if (arguments.Voters().Heads.Contains(draft, StringComparer.Ordinal))
            return $"names the head '{draft}', but GenAI's drafts are models of their own";
        if (!arguments.DraftNames.Contains(draft, StringComparer.Ordinal))
            return $"names no draft that there is: {(arguments.DraftNames.Count > 0 ? $"the drafts are {string.Join(", ", arguments.DraftNames)}" : "name drafts with --draft")}";
        return HasConfiguration(arguments.DraftFolder(draft)) ? null : $"needs a draft that GenAI can load: there is no {ConfigurationFile} in '{arguments.DraftFolder(draft)}'";
    }

    private static string? FindFaultOfPipeline(Arm arm, EndToEndArguments arguments)
    {
        if (!arm.Speculates)
            return null;
        if (arm.Scenario is not null)
            return "has a stand-in, but those are made for the target that this library runs";
        return arguments.Voters().Heads.FirstOrDefault(name => arm.Panel.Includes(name, isHead: true)) is { } head
            ? $"has the head '{head}', but GenAI gives none of the states that a head reads. Name its voters, such as 'drafts'"
            : null;
    }

    private static bool HasConfiguration(string folder) => File.Exists(Path.Combine(folder, ConfigurationFile));
}
