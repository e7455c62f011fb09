-- Projects as they stand, from this service's own log; their history is in the log.
CREATE TABLE projects (
    project_id     uuid  PRIMARY KEY,
    division       text  NOT NULL COLLATE "C",
    kind           text  NOT NULL,
    stage          text  NOT NULL,
    plan_year      int,
    title          text  NOT NULL,
    deadline       date,                        -- the last one of its components
    cost           numeric(20, 2) NOT NULL,     -- yuan, of the components that have one
    gaps           int   NOT NULL,
    open_issues    int   NOT NULL,
    same_works     int   NOT NULL,              -- works that others plan or have done as well
    assets_misused int   NOT NULL,              -- components that stand idle or are used for something else
    project_json   jsonb NOT NULL               -- the folded project
);
CREATE INDEX projects_by_place ON projects (division, project_id);
