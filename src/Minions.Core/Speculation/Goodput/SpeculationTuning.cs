namespace Minions.Core.Speculation.Goodput;

/// <summary>The numbers of the policy.</summary>
internal static class SpeculationTuning
{
    public static int OwnPositions = 128;
    public static int SharedPositions = 1024;
    public static double OwnDecay = 0.99;
    public static double FirstAcceptance = 0.6;
    public static double NeighbourTrials = 30;
    public static double PriorTrials = 30;
    public static double RateDecay = 0.95;
    public static double SharedRateDecay = 0.995;
    public static double RoundsOfStart = 10;
    public static double ReachDecay = 0.995;
    public static double FirstReach = 0.2;
    public static double ReachTrials = 4;
    public static double KeptTrials = 2;
    public static double Hysteresis = 1.02;
    public static double BudgetShare = 0.01;
    public static double BudgetStart = 8;
    public static int FirstProbeGap = 4;
    public static int LastProbeGap = 64;
    public static int RefreshRounds = 8;
    public static double VoteDecay = 0.995;
}
