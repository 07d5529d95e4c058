using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Minions.Benchmarks.Gpu;

/// <summary>What NVIDIA's own tool says of the GPUs.</summary>
internal static class NvidiaSmi
{
    private const string Tool = "nvidia-smi";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The GPUs, none where the tool is not there or says nothing.</summary>
    public static IReadOnlyList<GpuFacts> Gpus() => ReadGpus(Ask("--query-gpu=index,name,driver_version,memory.total,compute_cap"));

    /// <summary>The memory in use on a GPU, in MiB, and whether that is this process's alone; <see langword="null"/> where it cannot be read.</summary>
    /// <param name="device">The number of the GPU.</param>
    public static (double MiB, bool IsOwn)? MemoryInUse(int device) =>
        ReadOwn(Ask($"--id={device}", "--query-compute-apps=pid,used_memory"), Environment.ProcessId) is { } own ? (own, true)
        : ReadNumber(Ask($"--id={device}", "--query-gpu=memory.used")) is { } all ? (all, false)
        : null;

    /// <summary>Reads lines of index, name, driver, memory and compute capability.</summary>
    internal static IReadOnlyList<GpuFacts> ReadGpus(IReadOnlyList<string> lines) =>
        [.. lines.Select(Cells).Where(cells => cells.Length == 5).Select(cells => new GpuFacts(cells[0], cells[1], cells[2], ReadNumber([cells[3]]), cells[4]))];

    /// <summary>Reads the memory of a process from lines of process and memory; one inside a container may be called otherwise there.</summary>
    internal static double? ReadOwn(IReadOnlyList<string> lines, int process)
    {
        string[]? own = lines.Select(Cells).FirstOrDefault(cells => cells.Length == 2 && cells[0] == process.ToString(CultureInfo.InvariantCulture));
        return own is null ? null : ReadNumber([own[1]]);
    }

    private static double? ReadNumber(string[] lines) =>
        lines.Length > 0 && double.TryParse(lines[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static string[] Cells(string line) => line.Split(',', StringSplitOptions.TrimEntries);

    private static string[] Ask(params string[] query)
    {
        try
        {
            var start = new ProcessStartInfo(Tool, [.. query, "--format=csv,noheader,nounits"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process? process = Process.Start(start);
            if (process is null)
                return [];

            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return [];
            }

            return process.ExitCode == 0 ? output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            // There is no such tool.
            return [];
        }
    }
}

/// <summary>A GPU.</summary>
internal sealed record GpuFacts(string Index, string Name, string Driver, double? MemoryMiB, string ComputeCapability);
