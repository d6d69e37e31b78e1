import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "communicator-mpi", version: "0.1.0", "Training on several machines over Open MPI",
  components: [
    .communicator(
      "mpi", "The processes that mpirun or srun started, over Open MPI 4",
      options: [
        .string(
          "launchers", "OMPI_COMM_WORLD_SIZE PMI_SIZE SLURM_STEP_NUM_TASKS",
          "Environment variables in which launchers tell the number of processes.")
      ]
    ) { _ in try MPICommunicator() }.checkingDevices(MPICommunicator.check)
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
